import type { Bound, Work } from "./work.ts";

/** A bind group, and what it binds. */
interface Known {
  readonly compute: GPUComputePipeline;
  readonly bound: readonly Bound[];
  readonly group: GPUBindGroup;
}

/** The bind groups of a step's works, each kept for as long as the work at its place binds the same. */
export class BindGroups {
  readonly #device: GPUDevice;
  readonly #known: Known[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** The bind group of the step's work of that number, whose table stands there. */
  of(index: number, { compute, bound }: Work, table: Bound): GPUBindGroup {
    const known: Known | undefined = this.#known[index];
    if (known && known.compute === compute && is_same(known.bound, table, bound))
      return known.group;
    // An array may move, so where it stands is copied.
    const copies = [table, ...bound].map(({ buffer, offset, size }) => ({ buffer, offset, size }));
    const group = this.#device.createBindGroup({
      layout: compute.getBindGroupLayout(0),
      entries: copies.map((resource, binding) => ({ binding, resource })),
    });
    this.#known[index] = { compute, bound: copies, group };
    return group;
  }
}

function is_same(known: readonly Bound[], table: Bound, bound: readonly Bound[]): boolean {
  if (known.length !== bound.length + 1 || !is_at(known[0], table)) return false;
  for (let k = 0; k < bound.length; k++) if (!is_at(known[k + 1], bound[k])) return false;
  return true;
}

function is_at(known: Bound, { buffer, offset, size }: Bound): boolean {
  return known.buffer === buffer && known.offset === offset && known.size === size;
}
