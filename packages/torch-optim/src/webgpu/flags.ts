/** Flags of WebGPU by the numbers of its specification: TypeScript's own types do not name them. */
export const MAP_READ = 0x1;
export const COPY_SRC = 0x4;
export const COPY_DST = 0x8;
export const STORAGE = 0x80;
/** The mode of a mapping that reads. */
export const READ = 0x1;
