export * as utils from "./utils/index.ts";
