import { start_webgpu } from "../../../../scripts/webgpu.ts";
import { test_gpu_states } from "../support/gpu_state_tests.ts";

// In Node.js; `gpu/` has the same in Chromium.
test_gpu_states(start_webgpu);
