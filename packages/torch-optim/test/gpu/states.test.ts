import { test_gpu_states } from "../support/gpu_state_tests.ts";

// In Chromium, where WebGPU is there from the start.
test_gpu_states(() => undefined);
