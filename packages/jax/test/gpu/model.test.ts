import { test_model } from "../support/gpu_tests.ts";

test_model();
