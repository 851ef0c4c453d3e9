import { test_gpu_errors } from "../support/gpu_error_tests.ts";

// In Chromium, where WebGPU is there from the start.
test_gpu_errors(() => undefined);
