import { GPUParameter, resize } from "torch-optim/webgpu";
import { KINDS, type Kind, pack, type Splat, type SplatNumbers, unpack, WIDTHS } from "./splat.ts";

/** Splats on a GPU: a parameter for each kind of their numbers, with a row for each splat. */
export class Model {
  readonly parameters: { readonly [kind in Kind]: GPUParameter };

  constructor(device: GPUDevice, splats: readonly Splat[]) {
    const numbers = pack(splats);
    const parameter = (kind: Kind) =>
      new GPUParameter(device, { data: numbers[kind], shape: [splats.length, WIDTHS[kind]] });
    this.parameters = {
      position: parameter("position"),
      scale: parameter("scale"),
      rotation: parameter("rotation"),
      colour: parameter("colour"),
    };
  }

  /** How many splats there are. */
  get count(): number {
    return this.parameters.rotation.shape[0];
  }

  /** Reads the splats from the GPU. */
  async read(): Promise<Splat[]> {
    const read = KINDS.map(async (kind) => [kind, await this.parameters[kind].read()] as const);
    return unpack(Object.fromEntries(await Promise.all(read)) as SplatNumbers);
  }

  /**
   * Becomes these splats. The first of them were there before, in the rows that are kept, and keep what the
   * optimizer remembers of them; of the others it remembers nothing.
   */
  become(splats: readonly Splat[], keep: readonly number[]): void {
    const numbers = pack(splats);
    for (const kind of KINDS) {
      resize(this.parameters[kind], { keep, add: splats.length - keep.length });
      this.parameters[kind].data.set(numbers[kind]);
    }
  }

  destroy(): void {
    for (const kind of KINDS) this.parameters[kind].destroy();
  }
}
