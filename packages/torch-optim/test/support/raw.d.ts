/** A file as text, the way the tests' bundler brings it. */
declare module "*?raw" {
  const text: string;
  export default text;
}
