import { start_webgpu } from "../../../../scripts/webgpu.ts";
import { test_gpu_numbers } from "../support/gpu_numbers_tests.ts";

// In Node.js; `gpu/` has the same in Chromium.
test_gpu_numbers(start_webgpu);
