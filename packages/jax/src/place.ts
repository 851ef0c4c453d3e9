import type { Numbers } from "torch-optim/optim";
import type { Kernel, Place, Program, Scalars } from "torch-optim/place";
import { as_numbers, Box } from "./box.ts";
import { newton_schulz } from "./newton_schulz.ts";
import { operations } from "./operations.ts";
import { type JaxArray, Owned } from "./owned.ts";

/** What runs in the place of a kernel, by the kernel's name. */
export type Programs = Readonly<Record<string, Program>>;

abstract class JaxPlace implements Place {
  protected readonly programs: Programs;

  constructor(programs: Programs) {
    this.programs = programs;
  }

  abstract run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[];

  zeros(length: number) {
    return as_numbers(new Box(length));
  }

  /** jax-js has seen to it. */
  check(): void {}
}

/** Computes nothing, but notes what is the same for all elements. */
export class Recorder extends JaxPlace {
  #uniforms: number[] = [];

  run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[] {
    const program = this.programs[kernel.name];
    this.#uniforms.push(...(program?.uniforms(scalars).map(Number) ?? []));
    return arrays;
  }

  /** What was noted since it was last taken. */
  take(): number[] {
    const uniforms = this.#uniforms;
    this.#uniforms = [];
    return uniforms;
  }
}

/** Runs kernels as programs of jax-js' operations, on scalars that the recorder has noted. */
export class Runner extends JaxPlace {
  readonly #scalars: readonly JaxArray[];
  /** What kernels hand to one another within an update. */
  readonly #scratch: Box[] = [];
  #next = 0;

  constructor(programs: Programs, scalars: readonly JaxArray[]) {
    super(programs);
    this.#scalars = scalars;
  }

  run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[] {
    const boxes = boxes_in(arrays);
    const after = this.programs[kernel.name]
      ? this.#run(this.programs[kernel.name], boxes, scalars)
      : [newton_schulz(array_in(boxes[0]), [...scalars])];
    for (const [i, array] of after.entries()) {
      // One that stands in for an array that is not there comes a second time.
      if (boxes.indexOf(boxes[i]) < i) array.dispose();
      else {
        boxes[i].array?.dispose();
        boxes[i].array = array;
      }
    }
    return arrays;
  }

  #run(program: Program, boxes: readonly Box[], scalars: Scalars): JaxArray[] {
    const owned = new Owned();
    const count = program.uniforms(scalars).length;
    const uniforms = this.#scalars.slice(this.#next, this.#next + count);
    this.#next += count;
    // What is only stored has nothing in it.
    const before = boxes.map((box) => box.array) as JaxArray[];
    return owned.finish(program.run(operations(owned), before, uniforms));
  }

  override zeros(length: number) {
    const box = new Box(length);
    this.#scratch.push(box);
    return as_numbers(box);
  }

  /** Lets go of what no state keeps. */
  dispose(): void {
    for (const { array } of this.#scratch) array?.dispose();
  }

  /** For parameters that share their scalars, begins with the first. */
  rewind(): void {
    this.#next = 0;
  }
}

/** The arrays of a call, as boxes; beyond those of the kernel there may be none. */
function boxes_in(arrays: readonly Numbers[]): Box[] {
  const list: unknown[] = arrays.filter((array) => array !== undefined);
  return list as Box[];
}

/** What stands in a box by now. */
export function array_in({ array }: Box): JaxArray {
  if (!array) throw new Error("nothing stands in this array yet");
  return array;
}
