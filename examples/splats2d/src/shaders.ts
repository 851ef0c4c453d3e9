/** Pixels along each side of a tile of the picture, which a workgroup draws. */
export const TILE = 8;
/** Threads of a workgroup that goes over splats or tiles. */
export const THREADS = 64;
/** Threads of the one that goes over the pixels of a splat. */
const PIXEL_THREADS = 32;
/** Splats whose bits make up a word. */
export const WORD = 32;
/** Bytes of a splat that is prepared for drawing. */
export const SPLAT_BYTES = 48;

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

/** The size of the picture, which is known when a pipeline is made. */
const SIZE = `
override WIDTH: u32;
override HEIGHT: u32;

fn size() -> vec2f { return vec2f(f32(WIDTH), f32(HEIGHT)); }
fn tiles() -> vec2u { return (vec2u(WIDTH, HEIGHT) + ${TILE - 1}) / ${TILE}; }
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
 * Notes for each tile the splats whose boxes touch it, as bits: a thread writes a word of them, the first
 * dimension goes over the words and the second over the tiles. So sums are taken in the same order each time.
 */
export const ASSIGN = `${SPLAT}${SIZE}
@group(0) @binding(0) var<storage, read> splats: array<Splat>;
@group(0) @binding(1) var<storage, read_write> touching: array<u32>;

@compute @workgroup_size(1, ${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) words: vec3u) {
  let tile = vec2u(id.y % tiles().x, id.y / tiles().x);
  if (tile.y >= tiles().y) { return; }
  let half = ${TILE / 2} / size();
  let middle = vec2f(tile * ${TILE}) / size() + half;
  let count = min(${WORD}u, arrayLength(&splats) - ${WORD} * id.x);
  var bits = 0u;
  for (var k = 0u; k < count; k++) {
    let i = ${WORD} * id.x + k;
    if (all(abs(splats[i].position - middle) < splats[i].reach + half)) { bits |= 1u << k; }
  }
  touching[id.y * words.x + id.x] = bits;
}
`;

/** Draws the picture, tile by tile, and says by how much each pixel exceeds the one wanted. */
export const DRAW = `${SPLAT}${SIZE}
@group(0) @binding(0) var<storage, read> splats: array<Splat>;
@group(0) @binding(1) var<storage, read> touching: array<u32>;
@group(0) @binding(2) var<storage, read> wanted: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> errors: array<vec4f>;

@compute @workgroup_size(${TILE}, ${TILE})
fn main(
  @builtin(workgroup_id) tile: vec3u,
  @builtin(global_invocation_id) pixel: vec3u,
) {
  if (pixel.x >= WIDTH || pixel.y >= HEIGHT) { return; }
  let at = (vec2f(pixel.xy) + 0.5) / size();
  let words = (arrayLength(&splats) + ${WORD - 1}) / ${WORD};
  let first = (tile.y * tiles().x + tile.x) * words;
  var colour = vec3f();
  for (var word = 0u; word < words; word++) {
    var bits = touching[first + word];
    while (bits != 0) {
      let i = ${WORD} * word + firstTrailingBit(bits);
      let away = (at - splats[i].position) * splats[i].axes;
      colour += splats[i].colour * max(0.0, exp(-0.5 * dot(away, away)) - EDGE);
      bits &= bits - 1;
    }
  }
  let i = pixel.y * WIDTH + pixel.x;
  errors[i] = vec4f(colour - wanted[i].rgb, 0);
}
`;

/**
 * The gradient of the mean squared error by each parameter of a splat: a workgroup goes over the pixels of its
 * bounding box and adds up. How far a splat is pulled, whatever way, gathers in `pulls` over many steps.
 */
export const DIFFERENTIATE = `${SPLAT}${SIZE}
@group(0) @binding(0) var<storage, read> splats: array<Splat>;
@group(0) @binding(1) var<storage, read> errors: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> by_position: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> by_scale: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> by_rotation: array<f32>;
@group(0) @binding(5) var<storage, read_write> by_colour: array<f32>;
@group(0) @binding(6) var<storage, read_write> pulls: array<f32>;

var<workgroup> by_place: array<vec4f, ${PIXEL_THREADS}>;
var<workgroup> by_rest: array<vec4f, ${PIXEL_THREADS}>;

@compute @workgroup_size(${PIXEL_THREADS})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group.x;
  let splat = splats[i];
  let from_ = vec2u(clamp((splat.position - splat.reach) * size(), vec2f(), size()));
  let to_ = vec2u(ceil(clamp((splat.position + splat.reach) * size(), vec2f(), size())));
  let box = to_ - from_;

  var place = vec4f(); // by (a, b), and by the logs of the deviations
  var rest = vec4f(); // by the colour, and by the angle but for the sides' ratio
  for (var k = lane; k < box.x * box.y; k += ${PIXEL_THREADS}) {
    let pixel = from_ + vec2u(k % box.x, k / box.x);
    let away = ((vec2f(pixel) + 0.5) / size() - splat.position) * splat.axes;
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
  workgroupBarrier();
  if (lane > 0) { return; }

  for (var k = 1u; k < ${PIXEL_THREADS}; k++) {
    place += by_place[k];
    rest += by_rest[k];
  }
  // Of the mean over all numbers of the picture.
  let factor = 2 / (3 * size().x * size().y);
  place *= factor;
  rest *= factor;
  let pull = splat.axes * place.xy;
  let ratio = length(splat.axes[1]) / length(splat.axes[0]);
  by_position[i] = pull;
  by_scale[i] = place.zw;
  by_rotation[i] = rest.w * (ratio - 1 / ratio);
  by_colour[3 * i] = rest.x;
  by_colour[3 * i + 1] = rest.y;
  by_colour[3 * i + 2] = rest.z;
  pulls[i] += length(pull);
}
`;
