import { clone, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { FloatArray, ParameterLike } from "torch-optim";
import type { Numbers } from "torch-optim/optim";
import type { Kernel, Place, Program, Scalars } from "torch-optim/place";
import type { Shader } from "torch-optim/webgpu";
import { run_shader, shader_backend } from "./element_program.ts";
import { OPERATIONS } from "./operations.ts";
import { as_numbers, StoredTensor } from "./stored_tensor.ts";

/** A kernel as operations on tensors, or in fewer passes as a shader. */
export interface TensorProgram extends Program {
  readonly shader: Shader;
}

/** What runs in the place of a kernel, by the kernel's name. */
export type Programs = Readonly<Record<string, Program & Partial<TensorProgram>>>;

/**
 * Where TensorFlow keeps its tensors: kernels run as programs of its operations, on any backend, and as shaders
 * where it runs those.
 */
export class TensorPlace implements Place {
  readonly #programs: Programs;
  readonly #stored = new Set<StoredTensor>();

  constructor(programs: Programs) {
    this.#programs = programs;
  }

  run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[] {
    const program = this.#programs[kernel.name];
    const stored = stored_in(arrays);
    const before: Tensor[] = [];
    const shaders = program.shader && shader_backend();
    const after = tidy(() => {
      before.push(...stored.map((array) => array.tensor));
      if (shaders && program.shader) return run_shader(shaders, program.shader, before, scalars);
      return program.run(OPERATIONS, before, program.uniforms(scalars));
    });
    const taken = new Set<Tensor>();
    for (const [i, tensor] of after.entries()) {
      const array = stored[i];
      // One that stands in for an array that is not there comes a second time.
      if (tensor === before[i] || stored.indexOf(array) < i) continue;
      array.store(taken.has(tensor) ? clone(tensor) : tensor);
      taken.add(tensor);
    }
    return arrays;
  }

  zeros(length: number): FloatArray {
    const made = new StoredTensor(length);
    this.#stored.add(made);
    return as_numbers(made);
  }

  /** TensorFlow has seen to it. */
  check(_name: string, _param: ParameterLike): void {}

  /** What is kept of parameters. */
  get stored(): ReadonlySet<StoredTensor> {
    return this.#stored;
  }

  /** Disposes what is kept and not among these. */
  keep_only(live: ReadonlySet<unknown>): void {
    for (const each of this.#stored) {
      if (live.has(each)) continue;
      each.dispose();
      this.#stored.delete(each);
    }
  }
}

/** The arrays of a call; beyond those of the kernel there may be none. */
function stored_in(arrays: readonly Numbers[]): StoredTensor[] {
  const list: unknown[] = arrays.filter((array) => array !== undefined);
  return list as StoredTensor[];
}
