import type { Scalars } from "../place.ts";
import { over_segments, THREADS } from "./segments.ts";

/** A kernel as the compiler writes it for GPUs: what is the same for all elements, and loops' bodies. */
export interface Shader {
  /** The kernel's. */
  readonly name: string;
  /** How many numbers are the same for all elements. */
  readonly uniform_count: number;
  /** Writes those numbers, computed in float64. */
  uniforms(scalars: Scalars, into: Float32Array, at: number): void;
  /** Which of the variants the scalars ask for. */
  choose(scalars: Scalars): number;
  /** The loops. */
  readonly variants: readonly Variant[];
}

/** The loop for one outcome of the tests that are the same for all elements. */
export interface Variant {
  /** The kernel's arrays that it reads or writes; no others are bound. */
  readonly arrays: readonly number[];
  /** Those of them that it writes. */
  readonly stores: readonly number[];
  /** What is done for element `i` of the arrays `a0`, `a1`, … with the numbers `u0`, `u1`, …. */
  readonly body: string;
}

/** What the bodies of shaders call. */
export const SHADER_FUNCTIONS = `
// By its bits: what compares a number with itself is optimized away.
fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn larger(x: f32, y: f32) -> f32 { return select(select(max(x, y), y, is_nan(y)), x, is_nan(x)); }
fn smaller(x: f32, y: f32) -> f32 { return select(select(min(x, y), y, is_nan(y)), x, is_nan(x)); }
fn sign_of(x: f32) -> f32 { return select(select(select(0.0, -1.0, x < 0.0), 1.0, x > 0.0), x, is_nan(x)); }
`;

/** The sum of what the threads of a workgroup have, which each of them is given. */
export const SUM_OF_ALL = `
var<workgroup> gathered: array<f32, ${THREADS}>;

fn sum_of_all(lane: u32, own: f32) -> f32 {
  gathered[lane] = own;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { gathered[lane] += gathered[lane + half]; }
  }
  workgroupBarrier();
  let sum = gathered[0];
  workgroupBarrier();
  return sum;
}
`;

/** Words at the head of a dispatch's table, and of each of its segments. */
export const HEAD = 2;
export const SEGMENT = 4;

/**
 * A variant's whole shader. Its table says, in words, how many segments and chunks there are; of each segment
 * what `over_segments` asks for and where its numbers stand; then the numbers.
 */
export function shader_code({ uniform_count }: Shader, { arrays, body }: Variant): string {
  const bindings = arrays.map(
    (array, k) => `@group(0) @binding(${k + 1}) var<storage, read_write> a${array}: array<f32>;`,
  );
  const numbers = Array.from({ length: uniform_count }, (_, k) => k)
    .filter((k) => new RegExp(`\\bu${k}\\b`).test(body))
    .map((k) => `let u${k} = bitcast<f32>(table[row + ${k}u]);`);
  return `
@group(0) @binding(0) var<storage, read> table: array<u32>;
${bindings.join("\n")}

${SHADER_FUNCTIONS}
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  ${over_segments(HEAD, SEGMENT, body, ["let row = table[segment + 3u];", ...numbers])}
}
`;
}
