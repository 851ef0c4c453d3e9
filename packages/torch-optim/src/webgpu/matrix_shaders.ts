import { THREADS } from "./segments.ts";
import { SUM_OF_ALL } from "./shader.ts";

/** The kernels on matrices, which work in bfloat16: their values are float32 numbers that bfloat16 has. */

/** The side of the square of a product that a workgroup computes, and the terms that it takes at a time. */
export const TILE = 64;
const DEPTH = 16;
/** Each thread computes a square of so many by so many, so that a row of squares has so many threads. */
const SIDE = 4;
const ACROSS = TILE / SIDE;
/** Vectors of four from one term's to the next's: one more than there are, to spread them over memory banks. */
const STRIDE = TILE / 4 + 1;
/** Numbers of a tile that each thread loads. */
const LOADS = (DEPTH * TILE) / THREADS;

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

const MAIN = `
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {`;

const ALONG_LIST = `for (var i = id.x; i < table[0]; i += groups.x * ${THREADS}u)`;

/** Table: count, rows and columns of the one, whether it is transposed. Rounds what it copies. */
export const COPY = `${COMMON}
@group(0) @binding(1) var<storage, read_write> from_: array<f32>;
@group(0) @binding(2) var<storage, read_write> to_: array<f32>;
${MAIN}
  ${ALONG_LIST} {
    let row = i / table[2];
    let column = i % table[2];
    let k = select(i, column * table[1] + row, table[3] != 0u);
    to_[k] = bfloat16(from_[i]);
  }
}
`;

/** Table: count. Each workgroup leaves its sum of squares. */
export const SQUARES = `${COMMON}${SUM_OF_ALL}
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;
${MAIN}
  var sum = 0.0;
  ${ALONG_LIST} { sum += values[i] * values[i]; }
  let all = sum_of_all(lane, sum);
  if (lane == 0u) { sums[group.x] = all; }
}
`;

/** Table: count, number of sums, the least divisor. Divides by the norm, which each workgroup adds up. */
export const DIVIDE = `${COMMON}${SUM_OF_ALL}
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
${MAIN}
  var sum = 0.0;
  for (var k = lane; k < table[1]; k += ${THREADS}u) { sum += sums[k]; }
  let divisor = max(bfloat16(sqrt(sum_of_all(lane, sum))), number(2u));
  ${ALONG_LIST} { values[i] = bfloat16(values[i] / divisor); }
}
`;

/**
 * Table: rows, columns, depth, alpha, beta: `out ← alpha · base + beta · left · right`, rounded.
 *
 * A workgroup loads tiles of `left` and `right` term by term, and each of its threads multiplies four numbers of
 * the one by four of the other.
 */
export const PRODUCT = product(false);

/** The same with the transposed `left` for `right`: of what is below the diagonal, a mirror. */
export const GRAM = product(true);

function product(is_gram: boolean): string {
  const right = is_gram
    ? load_rows("rights", "first")
    : `let column = lane % ${TILE}u;
        let term = lane / ${TILE}u + round * ${THREADS / TILE}u;
        let k = min(begin + term, depth - 1u) * columns + min(first + column, columns - 1u);
        let is_inside = begin + term < depth && first + column < columns;
        rights[term * ${STRIDE}u + column / 4u][column % 4u] = select(0.0, right[k], is_inside);`;
  return `${COMMON}
@group(0) @binding(1) var<storage, read> left: array<f32>;
@group(0) @binding(2) var<storage, read> base: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
${is_gram ? "" : "@group(0) @binding(4) var<storage, read> right: array<f32>;"}

var<workgroup> lefts: array<vec4<f32>, ${DEPTH * STRIDE}>;
var<workgroup> rights: array<vec4<f32>, ${DEPTH * STRIDE}>;
${MAIN}
  for (var top = group.y * ${TILE}u; top < table[0]; top += groups.y * ${TILE}u) {
    for (var first = group.x * ${TILE}u; first < table[1]; first += groups.x * ${TILE}u) {
      ${is_gram ? "if (first < top) { continue; }" : ""}
      square(top, first, lane);
    }
  }
}

fn square(top: u32, first: u32, lane: u32) {
  let rows = table[0];
  let columns = table[1];
  let depth = table[2];
  let across = lane % ${ACROSS}u;
  let down = lane / ${ACROSS}u;
  var sums0 = vec4<f32>();
  var sums1 = vec4<f32>();
  var sums2 = vec4<f32>();
  var sums3 = vec4<f32>();
  for (var begin = 0u; begin < depth; begin += ${DEPTH}u) {
    for (var round = 0u; round < ${LOADS}u; round++) {
      {
        ${load_rows("lefts", "top")}
      }
      {
        ${right}
      }
    }
    workgroupBarrier();
    for (var term = 0u; term < ${DEPTH}u; term++) {
      let x = lefts[term * ${STRIDE}u + down];
      let y = rights[term * ${STRIDE}u + across];
      sums0 += x.x * y;
      sums1 += x.y * y;
      sums2 += x.z * y;
      sums3 += x.w * y;
    }
    workgroupBarrier();
  }
  let row = top + ${SIDE}u * down;
  let column = first + ${SIDE}u * across;
  put_row(row, column, sums0);
  put_row(row + 1u, column, sums1);
  put_row(row + 2u, column, sums2);
  put_row(row + 3u, column, sums3);
}

fn put_row(row: u32, first: u32, sums: vec4<f32>) {
  for (var j = 0u; j < ${SIDE}u; j++) {
    if (row < table[0] && first + j < table[1]) { put(row, first + j, sums[j]); }
  }
}

fn put(row: u32, column: u32, sum: f32) {
  let k = row * table[1] + column;
  var value = number(4u) * sum;
  if (number(3u) != 0.0) { value += number(3u) * base[k]; }
  out[k] = bfloat16(value);
  ${is_gram ? "out[column * table[1] + row] = bfloat16(value);" : ""}
}
`;
}

/** Loads a tile of `left`, whose rows are along memory, beginning at a row. */
function load_rows(into: string, first: string): string {
  return `let row = lane / ${DEPTH}u + round * ${THREADS / DEPTH}u;
        let term = lane % ${DEPTH}u;
        let k = min(${first} + row, table[0] - 1u) * depth + min(begin + term, depth - 1u);
        let is_inside = begin + term < depth && ${first} + row < table[0];
        ${into}[term * ${STRIDE}u + row / 4u][row % 4u] = select(0.0, left[k], is_inside);`;
}
