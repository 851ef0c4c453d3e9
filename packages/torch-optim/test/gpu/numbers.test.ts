import { test_gpu_numbers } from "../support/gpu_numbers_tests.ts";

// In Chromium, where WebGPU is there from the start.
test_gpu_numbers(() => undefined);
