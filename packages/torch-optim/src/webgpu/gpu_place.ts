import type { FloatArray, Numbers, ParameterLike } from "../parameter.ts";
import type { Kernel, Place, PlacedNorm, Scalars } from "../place.ts";
import { Adafactor } from "./adafactor.ts";
import { Clip } from "./clip.ts";
import { Gather } from "./gather.ts";
import type { GPUArray } from "./gpu_array.ts";
import type { GPUParameter } from "./gpu_parameter.ts";
import { KERNELS } from "./kernels.ts";
import { NewtonSchulz } from "./newton_schulz.ts";
import { Pipelines } from "./pipelines.ts";
import { StepPlan } from "./step_plan.ts";
import type { Work } from "./work.ts";

/** A device: kernels that run there are gathered, and carried out when the step ends. */
export class GPUPlace implements Place {
  readonly device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #plan: StepPlan;
  /** The kernels that take several dispatches, by their names. */
  readonly #composed: ReadonlyMap<
    string,
    (arrays: readonly GPUArray[], scalars: Scalars) => Work[]
  >;
  readonly #clip: Clip;
  readonly #gather: Gather;
  /** The parameters, by their data. */
  readonly #params = new WeakMap<object, GPUParameter>();
  /** What the step is written into, if it is not submitted. */
  #encoder: GPUCommandEncoder | undefined;

  constructor(device: GPUDevice) {
    this.device = device;
    this.#pipelines = new Pipelines(device);
    this.#plan = new StepPlan(device);
    const iteration = new NewtonSchulz(this);
    const adafactor = new Adafactor(this);
    this.#composed = new Map([
      [
        "newton_schulz",
        ([matrix]: readonly GPUArray[], scalars: Scalars) => iteration.works(matrix, scalars),
      ],
      ["adafactor_vector", (arrays, scalars) => adafactor.vector(arrays, scalars)],
      ["adafactor_matrix", (arrays, scalars) => adafactor.matrix(arrays, scalars)],
    ]);
    this.#clip = new Clip(this);
    this.#gather = new Gather(this);
  }

  run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[] {
    const placed = arrays as readonly unknown[] as readonly GPUArray[];
    const works = this.#composed.get(kernel.name)?.(placed, scalars);
    if (works) {
      this.#plan.add_works(works);
      return arrays;
    }
    this.#run(kernel.name, arrays, scalars);
    return arrays;
  }

  #run(name: string, arrays: readonly Numbers[], scalars: Scalars): void {
    const shader = KERNELS.get(name);
    if (!shader) throw new Error(`torch-optim/webgpu: no kernel for GPUs is called ${name}`);
    if (arrays[0].length === 0) return;
    const pipeline = this.#pipelines.of(shader, shader.choose(scalars));
    this.#plan.add(pipeline, arrays as readonly unknown[] as readonly GPUArray[], scalars);
  }

  /** Has zeros beside the data of a parameter made by it. */
  admit(param: GPUParameter): void {
    this.#params.set(param.data, param);
  }

  zeros(length: number, data: Numbers): FloatArray {
    return this.#params.get(data)?.zeros(length) as unknown as FloatArray;
  }

  check(name: string, param: ParameterLike): void {
    const { is_destroyed } = param as unknown as GPUParameter;
    if (is_destroyed) throw new Error(`${name} was destroyed`);
  }

  clip_grad_norm(grads: readonly Numbers[], max_norm: number, norm_type: number): PlacedNorm {
    const placed = grads as readonly unknown[] as readonly GPUArray[];
    const { works, norm } = this.#clip.works(placed, max_norm, norm_type);
    this.#plan.add_works(works);
    this.end_step();
    return norm;
  }

  clip_grad_value(grads: readonly Numbers[], clip_value: number): void {
    for (const grad of grads) this.#run("clamp", [grad], [clip_value]);
    this.end_step();
  }

  /** Copies rows of so many numbers from the first of each pair of arrays to the second. */
  gather(
    pairs: readonly (readonly [GPUArray, GPUArray])[],
    rows: Uint32Array,
    width: number,
  ): void {
    this.#gather.copy(pairs, rows, width);
  }

  end_step(): void {
    if (this.#encoder) this.#plan.encode(this.#encoder);
    else this.#plan.submit();
  }

  /** Has the steps that a function takes written into an encoder. */
  with_encoder(encoder: GPUCommandEncoder, take_steps: () => void): void {
    this.#encoder = encoder;
    try {
      take_steps();
    } finally {
      this.#encoder = undefined;
    }
  }
}

const places = new WeakMap<GPUDevice, GPUPlace>();

/** The place that a device is: the same each time. */
export function place_on(device: GPUDevice): GPUPlace {
  const place = places.get(device) ?? new GPUPlace(device);
  places.set(device, place);
  return place;
}
