import { backend, engine, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Scalars } from "torch-optim/place";
import { SHADER_FUNCTIONS, type Shader, type Variant } from "torch-optim/webgpu";

/** A shader as TensorFlow's backend for WebGPU takes it. */
interface ElementProgram {
  readonly shaderKey: string;
  readonly outputShape: number[];
  readonly dispatchLayout: { x: number[] };
  readonly dispatch: [number, number, number];
  readonly workgroupSize: [number, number, number];
  readonly size: boolean;
  readonly variableNames: string[];
  readonly uniforms: string;
  getUserCode(): string;
}

/** What that backend has beyond the others. */
interface ShaderBackend {
  runWebGPUProgram(
    program: ElementProgram,
    inputs: TensorInfo[],
    dtype: "float32",
    uniforms: { type: string; data: number[] }[],
  ): TensorInfo;
}

const THREADS = 64;

/** The backend, if it runs shaders. */
export function shader_backend(): ShaderBackend | undefined {
  const known = backend() as object;
  return "runWebGPUProgram" in known ? (known as ShaderBackend) : undefined;
}

/**
 * Runs a kernel's shader on tensors in one dimension: a pass for each array that it writes, which computes the
 * whole formula, in place of a pass for each operation. Gives the arrays after it.
 */
export function run_shader(
  backend: ShaderBackend,
  shader: Shader,
  tensors: readonly Tensor[],
  scalars: Scalars,
): Tensor[] {
  const choice = shader.choose(scalars);
  const variant = shader.variants[choice];
  const numbers = new Float32Array(shader.uniform_count);
  shader.uniforms(scalars, numbers, 0);
  const uniforms = Array.from(numbers, (x) => ({ type: "float32", data: [x] }));
  const inputs = variant.arrays.map((i) => tensors[i]);
  return tensors.map((tensor, i) => {
    if (!variant.stores.includes(i)) return tensor;
    const key = `torch_optim ${shader.name} ${choice} ${i}`;
    const program = program_for(key, variant, shader.uniform_count, i, tensor.size);
    const made = backend.runWebGPUProgram(program, inputs, "float32", uniforms);
    return engine().makeTensorFromTensorInfo(made);
  });
}

function program_for(
  key: string,
  variant: Variant,
  uniform_count: number,
  output: number,
  size: number,
): ElementProgram {
  const names = Array.from({ length: uniform_count }, (_, k) => `u${k}`);
  return {
    shaderKey: key,
    outputShape: [size],
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(size / THREADS), 1, 1],
    workgroupSize: [THREADS, 1, 1],
    size: true,
    variableNames: variant.arrays.map((i) => `a${i}`),
    uniforms: names.map((name) => `${name} : f32,`).join(" "),
    getUserCode: () => code_of(variant, names, output),
  };
}

/** The loop's body for one element, with the arrays that it writes in variables, of which one is what comes out. */
function code_of({ stores, body }: Variant, uniforms: readonly string[], output: number): string {
  const in_variables = body.replaceAll(/a(\d+)\[i\]/g, (element, i) =>
    stores.includes(Number(i)) ? `v${i}` : element,
  );
  return `${SHADER_FUNCTIONS}
fn main(i : i32) {
  if (i < uniforms.size) {
    ${uniforms.map((name) => `let ${name} = uniforms.${name};`).join("\n    ")}
    ${stores.map((k) => `var v${k} = a${k}[i];`).join("\n    ")}
    ${in_variables}
    result[i] = v${output};
  }
}
`;
}
