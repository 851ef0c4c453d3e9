/** The address under which a bundler has put a file. */
declare module "*?url" {
  const url: string;
  export default url;
}
