import { COPY_DST, COPY_SRC, MAP_READ, READ, STORAGE } from "./flags.ts";
import { type Bound, whole } from "./work.ts";

/** Bytes that a probe binds. */
const PROBED = 256;

/** What binds a buffer and leaves it as it is, to the last bit. */
const PROBE = `
@group(0) @binding(0) var<storage, read_write> a: array<u32>;
@compute @workgroup_size(1) fn main() { a[0] = a[0]; }
`;

/** Why a buffer cannot be used, and whether that is so for good. */
interface Problem {
  readonly reason: string;
  readonly is_final: boolean;
}

/**
 * Everything that is asked of a device, under watch. WebGPU tells of errors later, and not of whom: here it is
 * kept of each buffer why it cannot be used, for whoever has an array in it to say.
 */
export class Watch {
  readonly #device: GPUDevice;
  readonly #problems = new Map<GPUBuffer, Problem>();
  /** Buffers in which no parameter stands, and why something failed that was not for a parameter's buffer. */
  readonly #common = new WeakSet<GPUBuffer>();
  #common_problem = "";
  /** What has not been answered yet. */
  #answers: Promise<void> = Promise.resolve();
  #lost = "";
  #probe: GPUComputePipeline | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    device.lost.then(({ message }) => {
      this.#lost = `its device was lost (${message || "no reason was given"})`;
    });
  }

  /** A buffer for what a step works with, for whatever parameter. */
  make_common_buffer(size: number): GPUBuffer {
    const buffer = this.make_buffer(size);
    this.#common.add(buffer);
    return buffer;
  }

  /** A buffer for numbers, full of zeros. */
  make_buffer(size: number): GPUBuffer {
    const usage = STORAGE | COPY_SRC | COPY_DST;
    const device = this.#device;
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("validation");
    const buffer = device.createBuffer({ size, usage });
    for (const _ of [1, 2]) {
      this.#await(device.popErrorScope(), (message) => {
        const reason = `the device has no memory for ${size} bytes (${message})`;
        this.#problems.set(buffer, { reason, is_final: true });
      });
    }
    return buffer;
  }

  /**
   * Does what is asked of the device. If that fails, it is found out which of the buffers it is. The
   * promise gives the reason, or nothing.
   */
  run(work: () => void, bound: () => Iterable<Bound>): Promise<string> {
    let reason = "";
    this.#device.pushErrorScope("validation");
    try {
      work();
    } finally {
      this.#await(this.#device.popErrorScope(), (message) => {
        reason = message;
        return this.#find(bound(), message);
      });
    }
    return this.#answers.then(() => reason);
  }

  /** Whether a buffer cannot be had. */
  is_lacking(buffer: GPUBuffer): boolean {
    return this.#problems.has(buffer);
  }

  /** Why what somebody has cannot be used, if that is known. What may change is said once, and then tried again. */
  problem_of(owner: { readonly problem: string; arrays(): Iterable<Bound> }): string {
    if (this.#lost || owner.problem) return this.#lost || owner.problem;
    if (this.#problems.size > 0) {
      for (const { buffer } of owner.arrays()) {
        const problem = this.#problems.get(buffer);
        if (!problem) continue;
        if (!problem.is_final) this.#problems.delete(buffer);
        return problem.reason;
      }
    }
    const reason = this.#common_problem;
    this.#common_problem = "";
    return reason;
  }

  /** Waits until the device has said what it has to say of all before. */
  async answers(): Promise<void> {
    let seen: unknown;
    while (seen !== this.#answers) {
      seen = this.#answers;
      await seen;
    }
  }

  /** Reads numbers; a refusal begins with `name`. */
  async read(array: Bound, name: string): Promise<Float32Array<ArrayBuffer>> {
    const { buffer, offset, size } = array;
    if (size === 0) return new Float32Array(0);
    const device = this.#device;
    device.pushErrorScope("validation");
    const copy = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, copy, 0, size);
    device.queue.submit([encoder.finish()]);
    try {
      const error = await device.popErrorScope();
      await this.answers();
      const problem = this.problem_of({ problem: "", arrays: () => [array] }) || error?.message;
      if (problem) throw new Error(problem);
      await copy.mapAsync(READ);
      return new Float32Array(copy.getMappedRange().slice(0));
    } catch (error) {
      // The mapping fails first, and then it is said why.
      await Promise.race([device.lost, undefined]);
      const reason = this.#lost || (error as Error).message;
      throw new Error(`${name} cannot be read: ${reason}`, { cause: error });
    } finally {
      copy.destroy();
    }
  }

  #await(answer: Promise<GPUError | null>, then: (message: string) => unknown): void {
    const told = answer.then((error) => error && then(first_line(error.message)));
    // What is not answered, since the device was lost, is said by that.
    const done = () => undefined;
    this.#answers = Promise.all([this.#answers, told]).then(done, done);
  }

  /** Finds out which buffers cannot be used. Without any it is for whoever asked to say what happened. */
  async #find(bound: Iterable<Bound>, message: string): Promise<void> {
    const buffers = [...new Set([...bound].map(({ buffer }) => buffer))];
    if (buffers.length === 0) return;
    await Promise.all(buffers.map((buffer) => this.#try(buffer)));
    const found = buffers.filter((buffer) => this.#problems.has(buffer));
    if (found.some((buffer) => !this.#common.has(buffer))) return;
    const [first] = found;
    this.#common_problem = (first && this.#problems.get(first)?.reason) ?? message;
  }

  async #try(buffer: GPUBuffer): Promise<void> {
    if (this.#problems.has(buffer)) return;
    const device = this.#device;
    device.pushErrorScope("validation");
    const pipeline = this.#probing();
    const resource = { buffer, size: Math.min(PROBED, whole(buffer).size) };
    const layout = pipeline.getBindGroupLayout(0);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource }] }));
    pass.dispatchWorkgroups(1);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const error = await device.popErrorScope();
    if (error) this.#problems.set(buffer, { reason: first_line(error.message), is_final: false });
  }

  #probing(): GPUComputePipeline {
    const device = this.#device;
    this.#probe ??= device.createComputePipeline({
      layout: "auto",
      compute: { module: device.createShaderModule({ code: PROBE }), entryPoint: "main" },
    });
    return this.#probe;
  }
}

function first_line(message: string): string {
  return message.split("\n")[0];
}
