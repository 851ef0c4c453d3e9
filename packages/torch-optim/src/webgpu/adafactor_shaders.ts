import { THREADS } from "./segments.ts";
import { SHADER_FUNCTIONS, SUM_OF_ALL } from "./shader.ts";

/**
 * The kernels of `Adafactor`. Their table, the same for all: the number of values, of rows and columns of a
 * matrix, of parts and of rows in a block, then weight, 1 - weight, the least size, d, the step's factor, decay,
 * ε₁, ε₁², 1 / ε₁.
 */

/** Whole numbers at the head of the table. */
const COUNTS = 5;
/** Columns of which a workgroup adds up the parts at a time. */
export const SIDE_BY_SIDE = 16;

const COMMON = `
@group(0) @binding(0) var<storage, read> table: array<u32>;

fn number(k: u32) -> f32 { return bitcast<f32>(table[${COUNTS}u + k]); }
fn weight() -> f32 { return number(0u); }
fn rest() -> f32 { return number(1u); }
fn least_size() -> f32 { return number(2u); }
fn d() -> f32 { return number(3u); }
fn factor() -> f32 { return number(4u); }
fn decay() -> f32 { return number(5u); }
fn eps() -> f32 { return number(6u); }
fn square_eps() -> f32 { return number(7u); }
fn ceiling() -> f32 { return number(8u); }

${SHADER_FUNCTIONS}
// From the nearer end.
fn lerp(x: f32, y: f32) -> f32 {
  return select(y - rest() * (y - x), x + weight() * (y - x), weight() < 0.5);
}

${SUM_OF_ALL}`;

const MAIN = `
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let stride = groups.x * ${THREADS}u;`;

/** The arrays of a shader, in the order of their bindings. */
function arrays(...names: readonly string[]): string {
  return names
    .map((name, k) => `@group(0) @binding(${k + 1}) var<storage, read_write> ${name}: array<f32>;`)
    .join("\n");
}

/** The squares of the values, a part from each workgroup. */
export const DATA_SQUARES = `${COMMON}${arrays("data", "parts")}${MAIN}
  var sum = 0.0;
  for (var i = id.x; i < table[0]; i += stride) { sum += data[i] * data[i]; }
  let all = sum_of_all(lane, sum);
  if (lane == 0u) { parts[group.x] = all; }
}
`;

/** Takes a gradient into a vector's variance, and the squares of the update. */
export const VECTOR_SQUARES = `${COMMON}${arrays("grad", "variance", "parts")}${MAIN}
  var sum = 0.0;
  for (var i = id.x; i < table[0]; i += stride) {
    let v = lerp(variance[i], grad[i] * grad[i]);
    variance[i] = v;
    let update = grad[i] / sqrt(larger(v, square_eps()));
    sum += update * update;
  }
  let all = sum_of_all(lane, sum);
  if (lane == 0u) { parts[groups.x + group.x] = all; }
}
`;

/** The mean squares of the gradient's rows, each by a workgroup, and what is kept of them. */
export const ROWS = `${COMMON}${arrays("grad", "row_var")}${MAIN}
  let width = table[2];
  let count = table[0] / width;
  for (var row = group.x; row < count; row += groups.x) {
    var sum = 0.0;
    for (var j = lane; j < width; j += ${THREADS}u) {
      let g = grad[row * width + j];
      sum += g * g;
    }
    let mean = sum_of_all(lane, sum) / f32(width);
    if (lane == 0u) { row_var[row] = lerp(row_var[row], mean); }
  }
}
`;

/** The sums of squares of its columns within blocks of rows, each by a thread. */
export const COLUMN_PARTS = `${COMMON}${arrays("grad", "column_parts")}${MAIN}
  let height = table[1];
  let width = table[2];
  let blocks = (height + table[4] - 1u) / table[4];
  let count = (table[0] / height) * blocks;
  for (var k = id.x; k < count; k += stride) {
    let block = (k / width) % blocks;
    let begin = ((k / width / blocks) * height + block * table[4]) * width + k % width;
    let rows = min(table[4], height - block * table[4]);
    var sum = 0.0;
    for (var i = 0u; i < rows; i++) {
      let g = grad[begin + i * width];
      sum += g * g;
    }
    column_parts[k] = sum;
  }
}
`;

/**
 * The mean squares of its columns, what is kept of them, and the factor of each. A workgroup has some columns,
 * whose parts its threads share.
 */
export const COLUMNS = `${COMMON}${arrays("column_parts", "col_var", "columns")}${MAIN}
  let height = table[1];
  let width = table[2];
  let blocks = (height + table[4] - 1u) / table[4];
  let count = table[0] / height;
  let own = lane % ${SIDE_BY_SIDE}u;
  for (var begin = group.x * ${SIDE_BY_SIDE}u; begin < count; begin += groups.x * ${SIDE_BY_SIDE}u) {
    let k = begin + own;
    let first = (k / width) * blocks * width + k % width;
    var sum = 0.0;
    for (var block = lane / ${SIDE_BY_SIDE}u; block < blocks && k < count; block += ${THREADS / SIDE_BY_SIDE}u) {
      sum += column_parts[first + block * width];
    }
    gathered[lane] = sum;
    workgroupBarrier();
    if (lane < ${SIDE_BY_SIDE}u && k < count) {
      var all = 0.0;
      for (var i = own; i < ${THREADS}u; i += ${SIDE_BY_SIDE}u) { all += gathered[i]; }
      let v = lerp(col_var[k], all / f32(height));
      col_var[k] = v;
      columns[k] = 1.0 / sqrt(v);
    }
    workgroupBarrier();
  }
}
`;

/** The factor of each row; a workgroup for each matrix. */
export const ROW_FACTORS = `${COMMON}${arrays("row_var", "rows")}${MAIN}
  let height = table[1];
  let count = table[0] / (height * table[2]);
  for (var matrix = group.x; matrix < count; matrix += groups.x) {
    let first = matrix * height;
    var sum = 0.0;
    for (var i = lane; i < height; i += ${THREADS}u) { sum += row_var[first + i]; }
    let mean = larger(sum_of_all(lane, sum) / f32(height), eps());
    for (var i = lane; i < height; i += ${THREADS}u) {
      rows[first + i] = 1.0 / sqrt(row_var[first + i] / mean);
    }
  }
}
`;

const FACTOR = `
fn factor_of(i: u32) -> f32 {
  let width = table[2];
  let row = i / width;
  return smaller(rows[row] * columns[(row / table[1]) * width + i % width], ceiling());
}
`;

/** The squares of a matrix's update. */
export const MATRIX_SQUARES = `${COMMON}${arrays("grad", "rows", "columns", "parts")}${FACTOR}${MAIN}
  var sum = 0.0;
  for (var i = id.x; i < table[0]; i += stride) {
    let update = grad[i] * factor_of(i);
    sum += update * update;
  }
  let all = sum_of_all(lane, sum);
  if (lane == 0u) { parts[groups.x + group.x] = all; }
}
`;

/** The step's size out of the parts of both sums. NaN makes nothing larger, as in PyTorch. */
export const STEP_SIZE = `${COMMON}${arrays("parts", "cell")}${MAIN}
  let count = table[3];
  var own_data = 0.0;
  var own_update = 0.0;
  for (var k = lane; k < count; k += ${THREADS}u) {
    own_data += parts[k];
    own_update += parts[count + k];
  }
  let of_data = sum_of_all(lane, own_data);
  let of_update = sum_of_all(lane, own_update);
  if (lane == 0u) {
    let n = f32(table[0]);
    let size = sqrt(of_data / n);
    let excess = sqrt(of_update / n) / d();
    cell[0] = factor() * select(least_size(), size, size > least_size()) / select(1.0, excess, excess > 1.0);
  }
}
`;

/** The step of a vector. */
export const VECTOR_STEP = `${COMMON}${arrays("data", "grad", "variance", "cell")}${MAIN}
  for (var i = id.x; i < table[0]; i += stride) {
    let update = grad[i] / sqrt(larger(variance[i], square_eps()));
    data[i] = decay() * data[i] - cell[0] * update;
  }
}
`;

/** The step of a matrix. */
export const MATRIX_STEP = `${COMMON}${arrays("data", "grad", "rows", "columns", "cell")}${FACTOR}${MAIN}
  for (var i = id.x; i < table[0]; i += stride) {
    data[i] = decay() * data[i] - cell[0] * grad[i] * factor_of(i);
  }
}
`;
