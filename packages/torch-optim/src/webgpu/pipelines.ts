import { type Shader, shader_code, type Variant } from "./shader.ts";

/** A variant of a kernel as a device runs it. */
export interface Pipeline {
  readonly shader: Shader;
  readonly variant: Variant;
  readonly compute: GPUComputePipeline;
}

/** The pipelines of a device, each made when it is first asked for. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #known = new Map<Variant, Pipeline>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  of(shader: Shader, variant_index: number): Pipeline {
    const variant = shader.variants[variant_index];
    const known = this.#known.get(variant);
    if (known) return known;
    const module = this.#device.createShaderModule({
      label: shader.name,
      code: shader_code(shader, variant),
    });
    const compute = this.#device.createComputePipeline({
      label: shader.name,
      layout: "auto",
      compute: { module, entryPoint: "main" },
    });
    const made = { shader, variant, compute };
    this.#known.set(variant, made);
    return made;
  }
}

/** The pipelines of kernels that are written by hand, by their code. */
export class PlainPipelines {
  readonly #device: GPUDevice;
  readonly #known = new Map<string, GPUComputePipeline>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  of(code: string): GPUComputePipeline {
    const known = this.#known.get(code);
    if (known) return known;
    const module = this.#device.createShaderModule({ code });
    const made = this.#device.createComputePipeline({
      layout: "auto",
      compute: { module, entryPoint: "main" },
    });
    this.#known.set(code, made);
    return made;
  }
}
