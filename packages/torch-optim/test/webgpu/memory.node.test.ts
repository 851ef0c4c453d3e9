import { start_webgpu } from "../../../../scripts/webgpu.ts";
import { test_gpu_memory } from "../support/gpu_memory_tests.ts";

// In Node.js; `gpu/` has the same in Chromium.
test_gpu_memory(start_webgpu);
