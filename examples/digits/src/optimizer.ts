import * as torch from "torch-optim";

/** How parameters are dealt out to groups; each may have a name by which a recipe mentions it. */
export interface Group {
  readonly name?: string;
  readonly params: readonly torch.Parameter[];
}

/** What decides an optimizer. */
export interface OptimizerOptions {
  readonly optimizer: "adamw" | "adam" | "sgd";
  readonly lr: number;
}

export function makeOptimizer(
  groups: readonly Group[],
  { optimizer, lr }: OptimizerOptions,
): torch.optim.Optimizer {
  switch (optimizer) {
    case "adamw":
      return new torch.optim.AdamW(groups, { lr, weight_decay: 0.1 });
    case "adam":
      return new torch.optim.Adam(groups, { lr });
    case "sgd":
      return new torch.optim.SGD(groups, { lr, momentum: 0.9 });
  }
}
