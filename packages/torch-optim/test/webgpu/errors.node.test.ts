import { start_webgpu } from "../../../../scripts/webgpu.ts";
import { test_gpu_errors } from "../support/gpu_error_tests.ts";

// In Node.js; `gpu/` has the same in Chromium.
test_gpu_errors(start_webgpu);
