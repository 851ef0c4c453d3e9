import { start_webgpu } from "../../../../scripts/webgpu.ts";
import { test_gpu_device } from "../support/gpu_device_tests.ts";

// In Node.js; `gpu/` has the same in Chromium.
test_gpu_device(start_webgpu);
