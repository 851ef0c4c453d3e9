/** The kernels on matrices, which work in bfloat16: their values are float32 numbers that bfloat16 has. */

/** Threads of a workgroup that goes along a list, and of one that has a square of a product. */
const THREADS = 256;
/** The side of the square of a product that a workgroup computes, and the terms that it takes at a time. */
export const TILE = 64;
const DEPTH = 16;
/** Each thread computes a square of so many by so many. */
const SIDE = 4;

const COMMON = `
@group(0) @binding(0) var<storage, read> table: array<u32>;

fn number(k: u32) -> f32 { return bitcast<f32>(table[k]); }

// To the nearest, ties to even. A NaN stays one: the carry could make it infinite.
fn bfloat16(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let rounded = (bits + 0x7fffu + ((bits >> 16u) & 1u)) & 0xffff0000u;
  return bitcast<f32>(select(rounded, bits, (bits & 0x7fffffffu) > 0x7f800000u));
}
`;

const ALONG_LIST = `
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  for (var i = id.x; i < table[0]; i += groups.x * ${THREADS}u) {`;

/** Table: count, rows and columns of the one, whether it is transposed. Rounds what it copies. */
export const COPY = `${COMMON}
@group(0) @binding(1) var<storage, read_write> from_: array<f32>;
@group(0) @binding(2) var<storage, read_write> to_: array<f32>;
${ALONG_LIST}
    let row = i / table[2];
    let column = i % table[2];
    let k = select(i, column * table[1] + row, table[3] != 0u);
    to_[k] = bfloat16(from_[i]);
  }
}
`;

/** Table: count. Each workgroup leaves its sum of squares; the last dispatch adds them up. */
export const SQUARES = `${COMMON}
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

var<workgroup> shared_sums: array<f32, ${THREADS}>;

@compute @workgroup_size(${THREADS})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  var sum = 0.0;
  for (var i = id.x; i < table[0]; i += groups.x * ${THREADS}u) { sum += values[i] * values[i]; }
  shared_sums[lane] = sum;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { shared_sums[lane] += shared_sums[lane + half]; }
  }
  if (lane == 0u) { sums[group.x] = shared_sums[0]; }
}
`;

/** Table: count, number of sums, the least divisor. Divides by the norm. */
export const DIVIDE = `${COMMON}
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
${ALONG_LIST.replace(
  ") {",
  `) {
  var sum = 0.0;
  for (var k = 0u; k < table[1]; k++) { sum += sums[k]; }
  let divisor = max(bfloat16(sqrt(sum)), number(2u));`,
)}
    values[i] = bfloat16(values[i] / divisor);
  }
}
`;

/**
 * Table: rows, columns, depth, whether the right one is transposed, alpha, beta:
 * `out ← alpha · base + beta · left · right`, rounded.
 */
export const PRODUCT = `${COMMON}
@group(0) @binding(1) var<storage, read> left: array<f32>;
@group(0) @binding(2) var<storage, read> right: array<f32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

var<workgroup> lefts: array<f32, ${DEPTH * TILE}>;
var<workgroup> rights: array<f32, ${DEPTH * TILE}>;

@compute @workgroup_size(${TILE / SIDE}, ${TILE / SIDE})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_id) thread: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  for (var top = group.y * ${TILE}u; top < table[0]; top += groups.y * ${TILE}u) {
    for (var first = group.x * ${TILE}u; first < table[1]; first += groups.x * ${TILE}u) {
      square(top, first, thread, lane);
    }
  }
}

fn square(top: u32, first: u32, thread: vec3<u32>, lane: u32) {
  let rows = table[0];
  let columns = table[1];
  let depth = table[2];
  var sums: array<vec4<f32>, ${SIDE}>;
  for (var begin = 0u; begin < depth; begin += ${DEPTH}u) {
    for (var k = lane; k < ${DEPTH * TILE}u; k += ${THREADS}u) {
      let term = begin + k / ${TILE}u;
      let row = top + k % ${TILE}u;
      let column = first + k % ${TILE}u;
      lefts[k] = 0.0;
      rights[k] = 0.0;
      if (term < depth && row < rows) { lefts[k] = left[row * depth + term]; }
      if (term < depth && column < columns) {
        rights[k] = right[select(term * columns + column, column * depth + term, table[3] != 0u)];
      }
    }
    workgroupBarrier();
    for (var term = 0u; term < ${DEPTH}u; term++) {
      let at = term * ${TILE}u + thread.x * ${SIDE}u;
      let y = vec4<f32>(rights[at], rights[at + 1u], rights[at + 2u], rights[at + 3u]);
      for (var i = 0u; i < ${SIDE}u; i++) {
        sums[i] += lefts[term * ${TILE}u + thread.y * ${SIDE}u + i] * y;
      }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < ${SIDE}u; i++) {
    let row = top + thread.y * ${SIDE}u + i;
    for (var j = 0u; j < ${SIDE}u; j++) {
      let column = first + thread.x * ${SIDE}u + j;
      if (row < rows && column < columns) {
        let k = row * columns + column;
        var value = number(5u) * sums[i][j];
        if (number(4u) != 0.0) { value += number(4u) * base[k]; }
        out[k] = bfloat16(value);
      }
    }
  }
}
`;
