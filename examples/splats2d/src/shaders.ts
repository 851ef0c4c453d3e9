/** Pixels along each side of a tile of the picture, which a workgroup draws. */
export const TILE = 16;
/** Threads of a workgroup that goes over splats, or over the pixels of one. */
export const THREADS = 64;
/** Bytes of a splat that is prepared for drawing. */
export const SPLAT_BYTES = 48;

/** Splats in workgroup memory at a time: as many as a tile has pixels. */
const BATCH = TILE * TILE;

/**
 * A splat adds `colour · max(0, exp(-q / 2) - exp(-R² / 2))` with `q = a² + b²`: a gaussian lowered so that it
 * ends smoothly at R standard deviations. `(a, b) = (at - position) · axes` is how far a place is from its
 * middle, in standard deviations along either side.
 */
const SPLAT = `
const REACH = 3.0;
const EDGE = exp(-0.5 * REACH * REACH);

struct Splat {
  position: vec2f,
  reach: vec2f, // of its bounding box to either side
  axes: mat2x2f,
  colour: vec3f,
}
`;

/** Brings what the parameters say of each splat into the form in which it is drawn. */
export const PREPARE = `${SPLAT}
@group(0) @binding(0) var<storage, read> positions: array<vec2f>;
@group(0) @binding(1) var<storage, read> scales: array<vec2f>;
@group(0) @binding(2) var<storage, read> rotations: array<f32>;
@group(0) @binding(3) var<storage, read> colours: array<f32>;
@group(0) @binding(4) var<storage, read_write> splats: array<Splat>;

@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= arrayLength(&rotations)) { return; }
  let deviation = exp(scales[i]);
  let along = vec2f(cos(rotations[i]), sin(rotations[i]));
  let across = vec2f(-along.y, along.x);
  let extent = vec2f(
    length(deviation * vec2f(along.x, across.x)),
    length(deviation * vec2f(along.y, across.y)),
  );
  splats[i] = Splat(
    positions[i],
    REACH * extent,
    mat2x2f(along / deviation.x, across / deviation.y),
    vec3f(colours[3 * i], colours[3 * i + 1], colours[3 * i + 2]),
  );
}
`;

/**
 * Draws the picture and says by how much each pixel differs from the one wanted; the sum of the squares of
 * each tile goes to `losses`. The splats come by batches, of which a tile draws those whose boxes touch it. They
 * are noted as bits, so that sums are taken in the same order each time.
 */
export const DRAW = `${SPLAT}
override WIDTH: u32;
override HEIGHT: u32;

@group(0) @binding(0) var<storage, read> splats: array<Splat>;
@group(0) @binding(1) var<storage, read> wanted: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> errors: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;

var<workgroup> batch: array<Splat, ${BATCH}>;
var<workgroup> touching: array<atomic<u32>, ${BATCH / 32}>;
var<workgroup> squares: array<f32, ${BATCH}>;

fn added(splat: Splat, at: vec2f) -> vec3f {
  let away = (at - splat.position) * splat.axes;
  return splat.colour * max(0.0, exp(-0.5 * dot(away, away)) - EDGE);
}

@compute @workgroup_size(${TILE}, ${TILE})
fn main(
  @builtin(workgroup_id) tile: vec3u,
  @builtin(num_workgroups) tiles: vec3u,
  @builtin(global_invocation_id) pixel: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let size = vec2f(f32(WIDTH), f32(HEIGHT));
  let at = (vec2f(pixel.xy) + 0.5) / size;
  let half = ${TILE / 2} / size;
  let middle = vec2f(tile.xy * ${TILE}) / size + half;
  let count = arrayLength(&splats);
  var colour = vec3f();
  for (var first = 0u; first < count; first += ${BATCH}) {
    if (lane < ${BATCH / 32}) { atomicStore(&touching[lane], 0); }
    workgroupBarrier();
    if (first + lane < count) {
      let splat = splats[first + lane];
      batch[lane] = splat;
      if (all(abs(splat.position - middle) < splat.reach + half)) {
        atomicOr(&touching[lane / 32], 1u << (lane % 32));
      }
    }
    workgroupBarrier();
    for (var word = 0u; word < ${BATCH / 32}; word++) {
      var bits = atomicLoad(&touching[word]);
      while (bits != 0) {
        colour += added(batch[32 * word + firstTrailingBit(bits)], at);
        bits &= bits - 1;
      }
    }
    workgroupBarrier();
  }

  var error = vec3f();
  if (pixel.x < WIDTH && pixel.y < HEIGHT) {
    let i = pixel.y * WIDTH + pixel.x;
    error = colour - wanted[i].rgb;
    errors[i] = vec4f(error, 0);
  }
  squares[lane] = dot(error, error);
  for (var half_way = ${BATCH / 2}u; half_way > 0; half_way /= 2) {
    workgroupBarrier();
    if (lane < half_way) { squares[lane] += squares[lane + half_way]; }
  }
  if (lane == 0) { losses[tile.y * tiles.x + tile.x] = squares[0]; }
}
`;

/**
 * The gradient of the mean squared error by each parameter of a splat: a workgroup goes over the pixels of its
 * bounding box and adds up. How far a splat is pulled, whatever way, gathers in `pulls` over many steps.
 */
export const DIFFERENTIATE = `${SPLAT}
override WIDTH: u32;
override HEIGHT: u32;

@group(0) @binding(0) var<storage, read> splats: array<Splat>;
@group(0) @binding(1) var<storage, read> errors: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> by_position: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> by_scale: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> by_rotation: array<f32>;
@group(0) @binding(5) var<storage, read_write> by_colour: array<f32>;
@group(0) @binding(6) var<storage, read_write> pulls: array<f32>;

var<workgroup> by_place: array<vec4f, ${THREADS}>;
var<workgroup> by_rest: array<vec4f, ${THREADS}>;

@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group.x;
  let splat = splats[i];
  let size = vec2f(f32(WIDTH), f32(HEIGHT));
  let from_ = vec2u(clamp((splat.position - splat.reach) * size, vec2f(), size));
  let to_ = vec2u(ceil(clamp((splat.position + splat.reach) * size, vec2f(), size)));
  let box = to_ - from_;

  var place = vec4f(); // by (a, b), and by the logs of the deviations
  var rest = vec4f(); // by the colour, and by the angle but for the sides' ratio
  for (var k = lane; k < box.x * box.y; k += ${THREADS}) {
    let pixel = from_ + vec2u(k % box.x, k / box.x);
    let away = ((vec2f(pixel) + 0.5) / size - splat.position) * splat.axes;
    let gaussian = exp(-0.5 * dot(away, away));
    if (gaussian > EDGE) {
      let error = errors[pixel.y * WIDTH + pixel.x].rgb;
      let slope = gaussian * dot(error, splat.colour) * away;
      place += vec4f(slope, slope * away);
      rest += vec4f(error * (gaussian - EDGE), slope.x * away.y);
    }
  }
  by_place[lane] = place;
  by_rest[lane] = rest;
  for (var half_way = ${THREADS / 2}u; half_way > 0; half_way /= 2) {
    workgroupBarrier();
    if (lane < half_way) {
      by_place[lane] += by_place[lane + half_way];
      by_rest[lane] += by_rest[lane + half_way];
    }
  }
  if (lane > 0) { return; }

  // Of the mean over all numbers of the picture.
  let factor = 2 / (3 * size.x * size.y);
  let sum = factor * by_place[0];
  let other = factor * by_rest[0];
  let pull = splat.axes * sum.xy;
  let ratio = length(splat.axes[1]) / length(splat.axes[0]);
  by_position[i] = pull;
  by_scale[i] = sum.zw;
  by_rotation[i] = other.w * (ratio - 1 / ratio);
  by_colour[3 * i] = other.x;
  by_colour[3 * i + 1] = other.y;
  by_colour[3 * i + 2] = other.z;
  pulls[i] += length(pull);
}
`;
