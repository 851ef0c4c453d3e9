/** How a gzipped file begins. */
const GZIP = [0x1f, 0x8b];

/**
 * The text of a gzipped file. Some servers serve such files as what they hold, and the browser has
 * unpacked them already.
 *
 * @throws Error if it cannot be loaded.
 */
export async function loadText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const file = await response.blob();
  const start = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  if (!GZIP.every((byte, i) => start[i] === byte)) return file.text();
  const unpacked = file.stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).text();
}
