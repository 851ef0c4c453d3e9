import { test_gpu } from "../support/gpu_tests.ts";

// In Chromium, where WebGPU is there from the start.
test_gpu(() => undefined);
