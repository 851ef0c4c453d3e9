export * as lr_scheduler from "./lr_scheduler/index.ts";
export * from "./lr_scheduler/index.ts";
