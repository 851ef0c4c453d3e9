import { start_webgpu } from "../../../../scripts/webgpu.ts";
import { test_transformations } from "../support/gpu_tests.ts";

// In Node.js; `gpu/full/` has the same in Chromium.
test_transformations(start_webgpu);
