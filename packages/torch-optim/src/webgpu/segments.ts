/** Threads of a workgroup, and elements that it takes at a time. */
export const THREADS = 256;
export const CHUNK = 4 * THREADS;

/** The most workgroups that share a list of which each leaves a part of a sum: as many as keep a GPU busy. */
export const MOST_PARTS = 1024;

/** Workgroups that share so many chunks, each of which leaves a part, be it of nothing. */
export function parts_of(chunks: number): number {
  return Math.max(1, Math.min(Math.ceil(chunks), MOST_PARTS));
}

/**
 * A loop in a shader over the elements of many segments of its arrays, of which each workgroup takes chunks.
 * The first words of the table say how many segments and chunks there are. After the `head` comes of each
 * segment, in `words` words, its first chunk, where it begins in the arrays and its length, and whatever else.
 *
 * @param body - What is done for element `i`.
 * @param before - What is done once for each chunk, in the segment whose words begin at `segment`.
 */
export function over_segments(
  head: number,
  words: number,
  body: string,
  before: readonly string[] = [],
): string {
  return `for (var chunk = group.x; chunk < table[1]; chunk += groups.x) {
    var low = 0u;
    var high = table[0];
    while (high - low > 1u) {
      let middle = (low + high) / 2u;
      if (table[${head}u + ${words}u * middle] <= chunk) { low = middle; } else { high = middle; }
    }
    let segment = ${head}u + ${words}u * low;
    let past = (chunk - table[segment]) * ${CHUNK}u;
    let begin = table[segment + 1u] + past;
    let end = begin + min(${CHUNK}u, table[segment + 2u] - past);
    ${before.join("\n    ")}
    for (var i = begin + lane; i < end; i += ${THREADS}u) {
${body}
    }
  }`;
}
