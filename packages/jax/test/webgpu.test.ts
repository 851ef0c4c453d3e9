import { start_webgpu } from "../../../scripts/webgpu.ts";
import { test_model } from "./support/gpu_tests.ts";

// In Node.js; `gpu/` has the same in Chromium.
test_model(start_webgpu);
