/** The schedule that all sides run: a linear warm-up, then a cosine to 0. */

import {
  CosineAnnealingLR as DeepboxCosine,
  LinearLR as DeepboxLinear,
  SequentialLR as DeepboxSequential,
} from "deepbox/optim";
import * as torch from "torch-optim";

/** The phases' lengths in epochs. */
export interface Lengths {
  readonly warmup: number;
  readonly cosine: number;
}

const START = 1 / 3;

/** The base lr of `groups` parameter groups, each another one. */
export function baseLrs(groups: number): number[] {
  return Array.from({ length: groups }, (_, g) => 0.1 / (g + 1));
}

export function torchOptim(lrs: readonly number[], { warmup, cosine }: Lengths) {
  const groups = lrs.map((lr) => ({ params: [new torch.Parameter([0])], lr }));
  const optimizer = new torch.optim.SGD(groups);
  const phases = [
    new torch.optim.LinearLR(optimizer, { start_factor: START, total_iters: warmup }),
    new torch.optim.CosineAnnealingLR(optimizer, { T_max: cosine }),
  ];
  optimizer.step();
  return new torch.optim.SequentialLR(optimizer, { schedulers: phases, milestones: [warmup] });
}

export function deepbox(lrs: readonly number[], { warmup, cosine }: Lengths, lastEpoch = -1) {
  const optimizer = { paramGroups: lrs.map((lr) => ({ params: [], lr })) };
  const phases = [
    new DeepboxLinear(optimizer, { startFactor: START, totalIters: warmup }),
    new DeepboxCosine(optimizer, { T_max: cosine }),
  ];
  return new DeepboxSequential(optimizer, { schedulers: phases, milestones: [warmup], lastEpoch });
}

/**
 * The bare arithmetic: PyTorch's chainable forms in one loop, as somebody would write it by hand
 * who knows the schedule in advance.
 */
export class BareLoop {
  readonly groups: { lr: number }[];
  #epoch = 0;

  constructor(
    readonly lrs: readonly number[],
    readonly lengths: Lengths,
  ) {
    this.groups = lrs.map((lr) => ({ lr: lr * START }));
  }

  run(epochs: number): void {
    const { groups, lrs } = this;
    const { warmup, cosine } = this.lengths;
    const rise = 1 - START;
    const end = this.#epoch + epochs;
    for (let epoch = this.#epoch + 1; epoch <= end; epoch++) {
      if (epoch < warmup) {
        const ratio = 1 + rise / (warmup * START + (epoch - 1) * rise);
        for (let g = 0; g < groups.length; g++) groups[g].lr *= ratio;
      } else if (epoch === warmup) {
        for (let g = 0; g < groups.length; g++) groups[g].lr = lrs[g];
      } else {
        const t = epoch - warmup;
        const ratio =
          (1 + Math.cos((Math.PI * t) / cosine)) / (1 + Math.cos((Math.PI * (t - 1)) / cosine));
        for (let g = 0; g < groups.length; g++) groups[g].lr *= ratio;
      }
    }
    this.#epoch = end;
  }
}
