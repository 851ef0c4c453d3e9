import type { CheckpointParts } from "torch-optim-checkpoint";
import lbfgs from "../../../torch-optim/test/fixtures/interchange/lbfgs_to_pytorch.json";
import optimizers from "../../../torch-optim/test/fixtures/interchange/optimizers_to_pytorch.json";
import schedulers from "../../../torch-optim/test/fixtures/interchange/to_pytorch.json";

/** A checkpoint of ours that PyTorch has gone on from. */
interface Case {
  readonly state: Pick<CheckpointParts, "optimizer" | "scheduler">;
  /** The parameters of an optimizer's case. */
  readonly params?: readonly (readonly number[])[];
  readonly shapes?: readonly (readonly number[])[];
  readonly dtype?: string;
  readonly groups?: readonly number[];
}

const ARRAYS: Record<string, typeof Float32Array | typeof Float64Array> = {
  float32: Float32Array,
  float64: Float64Array,
};

/** The parts of a case, as they are written. */
export function parts_of({
  state,
  params,
  shapes,
  dtype = "float64",
  groups,
}: Case): CheckpointParts {
  const values = params ?? groups?.map(() => [0]) ?? [];
  const model = values.map((row, i) => [
    `p${i}`,
    { data: new ARRAYS[dtype](row), shape: shapes?.[i] ?? [row.length] },
  ]);
  const extra = { epoch: 1, words: ["a", null, true], loss: Infinity };
  return { model: Object.fromEntries(model), ...state, extra };
}

/** All of them, by the fixture that they come from. */
export const HANDED_OVER: Readonly<Record<string, readonly Case[]>> = Object.fromEntries(
  Object.entries({ schedulers, optimizers, lbfgs }).map(([name, { cases }]) => [
    name,
    cases as unknown as readonly Case[],
  ]),
);
