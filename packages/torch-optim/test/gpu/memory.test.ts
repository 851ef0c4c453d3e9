import { test_gpu_memory } from "../support/gpu_memory_tests.ts";

// In Chromium, where WebGPU is there from the start.
test_gpu_memory(() => undefined);
