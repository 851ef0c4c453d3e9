import { start_webgpu } from "../../../../scripts/webgpu.ts";
import { test_gpu } from "../support/gpu_tests.ts";

// In Node.js; `gpu/` has the same in Chromium.
test_gpu(start_webgpu);
