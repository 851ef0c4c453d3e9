import type { FloatArray, Numbers, ParameterLike } from "../parameter.ts";
import type { Kernel, Place, PlacedNorm, Scalars } from "../place.ts";
import { refuse } from "../refusal.ts";
import { Adafactor } from "./adafactor.ts";
import { Clip } from "./clip.ts";
import { Gather } from "./gather.ts";
import { BYTES, type GPUArray } from "./gpu_array.ts";
import type { GPUParameter } from "./gpu_parameter.ts";
import { KERNELS } from "./kernels.ts";
import { NewtonSchulz } from "./newton_schulz.ts";
import { Pipelines } from "./pipelines.ts";
import { Scratch } from "./scratch.ts";
import { StepPlan } from "./step_plan.ts";
import { Watch } from "./watch.ts";
import type { Work } from "./work.ts";

/** A device: kernels that run there are gathered, and carried out when the step ends. */
export class GPUPlace implements Place {
  readonly device: GPUDevice;
  readonly #watch: Watch;
  readonly #pipelines: Pipelines;
  /** The step that is being taken, and what is done at once beside it. */
  readonly #plan: StepPlan;
  readonly #aside: StepPlan;
  readonly #scratch = new Scratch(this);
  /** The kernels that take several dispatches, by their names. */
  readonly #composed: ReadonlyMap<
    string,
    (arrays: readonly GPUArray[], scalars: Scalars) => Work[]
  >;
  readonly #clip: Clip;
  readonly #gather: Gather;
  /** The parameters, by their data. */
  readonly #params = new WeakMap<object, GPUParameter>();
  /** Gradients that are to become zeros. */
  readonly #zeroed: GPUArray[] = [];
  /** What the step is written into, if it is not submitted. */
  #encoder: GPUCommandEncoder | undefined;

  constructor(device: GPUDevice) {
    this.device = device;
    this.#watch = new Watch(device);
    this.#pipelines = new Pipelines(device);
    this.#plan = new StepPlan(device, this.#watch);
    this.#aside = new StepPlan(device, this.#watch);
    const iteration = new NewtonSchulz(device, this.#scratch);
    const adafactor = new Adafactor(device, this.#scratch);
    this.#composed = new Map([
      [
        "newton_schulz",
        ([matrix]: readonly GPUArray[], scalars: Scalars) => iteration.works(matrix, scalars),
      ],
      ["adafactor_vector", (arrays, scalars) => adafactor.vector(arrays, scalars)],
      ["adafactor_matrix", (arrays, scalars) => adafactor.matrix(arrays, scalars)],
    ]);
    this.#clip = new Clip(this, this.#scratch);
    this.#gather = new Gather(this);
  }

  run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[] {
    const placed = arrays as readonly unknown[] as readonly GPUArray[];
    const works = this.#composed.get(kernel.name)?.(placed, scalars);
    if (works) {
      this.#plan.add_works(works);
      return arrays;
    }
    this.#run(this.#plan, kernel.name, arrays, scalars);
    return arrays;
  }

  #run(plan: StepPlan, name: string, arrays: readonly Numbers[], scalars: Scalars): void {
    const shader = KERNELS.get(name);
    if (!shader) throw new Error(`torch-optim/webgpu: no kernel for GPUs is called ${name}`);
    if (arrays[0].length === 0) return;
    const pipeline = this.#pipelines.of(shader, shader.choose(scalars));
    plan.add(pipeline, arrays as readonly unknown[] as readonly GPUArray[], scalars);
  }

  /** Has zeros beside the data of a parameter made by it. */
  admit(param: GPUParameter): void {
    this.#params.set(param.data, param);
  }

  zeros(length: number, data: Numbers): FloatArray {
    return this.#params.get(data)?.zeros(length) as unknown as FloatArray;
  }

  scratch(length: number): FloatArray {
    return this.#scratch.array("update", length) as unknown as FloatArray;
  }

  free(data: Numbers, old: object, kept?: object): void {
    const still: unknown[] = Object.values(kept ?? {});
    const gone = Object.values(old).filter((each) => !still.includes(each));
    this.#params.get(data)?.free(gone);
    if (!kept) this.#scratch.free();
  }

  check(name: string, param: ParameterLike): void {
    // Of a step that was broken off.
    this.#plan.clear();
    const { is_destroyed, data, grad } = param as unknown as GPUParameter;
    if (is_destroyed) throw new Error(`${name} was destroyed`);
    const problem = this.#watch.problem_of(param as unknown as GPUParameter);
    if (problem) throw new Error(`${name} cannot be updated: ${problem}`);
    if (grad && grad.length !== data.length) {
      throw new RangeError(`${name}: grad must have ${data.length} values, got ${grad.length}`);
    }
  }

  check_whole(name: string, { data }: ParameterLike): void {
    const { maxStorageBufferBindingSize } = this.device.limits;
    const bytes = BYTES * data.length;
    if (bytes <= maxStorageBufferBindingSize) return;
    refuse(
      `${name}: data`,
      `at most ${maxStorageBufferBindingSize} bytes on this device (ask for a larger maxStorageBufferBindingSize in requestDevice)`,
      bytes,
      RangeError,
    );
  }

  clip_grad_norm(grads: readonly Numbers[], max_norm: number, norm_type: number): PlacedNorm {
    const placed = grads as readonly unknown[] as readonly GPUArray[];
    const { works, norm } = this.#clip.works(placed, max_norm, norm_type);
    this.#aside.add_works(works);
    const failing = this.#carry_out(this.#aside);
    const read = async () => {
      const problem = await failing;
      if (problem) throw new Error(`clip_grad_norm_: gradients cannot be clipped: ${problem}`);
      return (await this.read(norm, "clip_grad_norm_: the norm"))[0];
    };
    return { read };
  }

  clip_grad_value(grads: readonly Numbers[], clip_value: number): void {
    for (const grad of grads) this.#run(this.#aside, "clamp", [grad], [clip_value]);
    this.#carry_out(this.#aside);
  }

  /** Copies rows of so many numbers from the first of each pair of arrays to the second; tells why it failed. */
  gather(
    pairs: readonly (readonly [GPUArray, GPUArray])[],
    rows: Uint32Array,
    width: number,
  ): Promise<string> {
    // What was needed for other sizes is not needed again.
    this.#scratch.forget();
    return this.#watch.run(
      () => this.#gather.copy(pairs, rows, width),
      () => [],
    );
  }

  zero(grad: Numbers): void {
    this.#plan.clear();
    this.#zeroed.push(grad as unknown as GPUArray);
  }

  end_step(): void {
    if (this.#zeroed.length > 0) this.zero_now(this.#zeroed.splice(0));
    if (!this.#plan.is_empty) this.#carry_out(this.#plan);
  }

  /** Makes all numbers of arrays 0. */
  zero_now(arrays: readonly GPUArray[]): void {
    this.#aside.add_works(this.#clip.zeroing(arrays));
    this.#carry_out(this.#aside);
  }

  #carry_out(plan: StepPlan): Promise<string> {
    return this.#encoder ? plan.encode(this.#encoder) : plan.submit();
  }

  /** A buffer for numbers, full of zeros. */
  make_buffer(size: number): GPUBuffer {
    return this.#watch.make_buffer(size);
  }

  /** A buffer for what a step works with. */
  make_common_buffer(size: number): GPUBuffer {
    return this.#watch.make_common_buffer(size);
  }

  /** Whether a buffer cannot be had. */
  is_lacking(buffer: GPUBuffer): boolean {
    return this.#watch.is_lacking(buffer);
  }

  /** Does what is asked of the device with arrays, and keeps what it says of them. */
  watched(arrays: readonly GPUArray[], work: () => void): void {
    this.#watch.run(work, () => arrays);
  }

  /** Reads an array's numbers; a refusal begins with `name`. */
  read(array: GPUArray, name: string): Promise<Float32Array<ArrayBuffer>> {
    return this.#watch.read(array, name);
  }

  /** Why a parameter could not be updated, once that is known. */
  async problem_of(param: GPUParameter): Promise<string> {
    await this.#watch.answers();
    return this.#watch.problem_of(param);
  }

  /** Has what a function does here written into an encoder. */
  with_encoder(encoder: GPUCommandEncoder, work: () => void): void {
    const before = this.#encoder;
    this.#encoder = encoder;
    try {
      work();
    } finally {
      this.#encoder = before;
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
