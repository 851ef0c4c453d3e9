import { test_gpu_device } from "../../support/gpu_device_tests.ts";

// In Chromium, where WebGPU is there from the start.
test_gpu_device(() => undefined);
