import { over_segments, THREADS } from "./segments.ts";
import { SHADER_FUNCTIONS } from "./shader.ts";

/** The kernels of gradient clipping, which works on a norm that no one has read. */

const TABLE = `
@group(0) @binding(0) var<storage, read> table: array<u32>;

fn number(k: u32) -> f32 { return bitcast<f32>(table[k]); }
`;

const MAIN = `
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {`;

/** Orders of a norm that have a sum, or a largest value, of their own. */
export const SUM_ABS = 0;
export const SUM_SQUARES = 1;
export const MAX_ABS = 2;
export const SUM_POWERS = 3;

const GATHER = `${SHADER_FUNCTIONS}
fn gather(order: u32, x: f32, y: f32) -> f32 {
  return select(x + y, larger(x, y), order == ${MAX_ABS}u);
}

var<workgroup> gathered: array<f32, ${THREADS}>;

fn gather_all(order: u32, lane: u32, own: f32) -> f32 {
  gathered[lane] = own;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { gathered[lane] = gather(order, gathered[lane], gathered[lane + half]); }
  }
  workgroupBarrier();
  return gathered[0];
}
`;

/** Words at the head of a table that lists segments, and of each of these. */
const HEAD = 5;
const SEGMENT = 3;

/**
 * Table: the numbers of segments and chunks, the kind of the norm, where the parts go, its order, the segments.
 * Each workgroup leaves a part.
 */
export const PARTS = `${TABLE}${GATHER}
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> parts: array<f32>;

${MAIN}
  let order = table[2];
  var sum = 0.0;
  ${over_segments(
    HEAD,
    SEGMENT,
    `
      let x = abs(values[i]);
      var term = x;
      if (order == ${SUM_SQUARES}u) { term = x * x; }
      if (order == ${SUM_POWERS}u) { term = select(pow(x, number(4u)), 0.0, x == 0.0); }
      sum = gather(order, sum, term);`,
  )}
  let all = gather_all(order, lane, sum);
  if (lane == 0u) { parts[table[3] + group.x] = all; }
}
`;

/** Table: number of parts, the kind of the norm, the largest norm, its order. Gives the norm and the factor. */
export const FINISH = `${TABLE}${GATHER}
@group(0) @binding(1) var<storage, read_write> parts: array<f32>;
@group(0) @binding(2) var<storage, read_write> factor: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) lane: u32) {
  let order = table[1];
  var sum = 0.0;
  for (var i = lane; i < table[0]; i += ${THREADS}u) { sum = gather(order, sum, parts[i]); }
  var norm = gather_all(order, lane, sum);
  if (order == ${SUM_SQUARES}u) { norm = sqrt(norm); }
  if (order == ${SUM_POWERS}u) { norm = select(pow(norm, 1.0 / number(3u)), 0.0, norm == 0.0); }
  if (lane == 0u) {
    result[0] = norm;
    factor[0] = number(2u) * (1.0 / (norm + 1e-6));
  }
}
`;

/** The same table. Scales by the factor, unless it would make them larger. */
export const SCALE = `${TABLE}
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> factor: array<f32>;

${MAIN}
  let by = factor[0];
  if (by >= 1.0) { return; }
  ${over_segments(HEAD, SEGMENT, "      values[i] *= by;")}
}
`;

/** The same table. */
export const ZERO = `${TABLE}
@group(0) @binding(1) var<storage, read_write> values: array<f32>;

${MAIN}
  ${over_segments(HEAD, SEGMENT, "      values[i] = 0.0;")}
}
`;
