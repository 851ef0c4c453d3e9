import { test_transformations } from "../support/gpu_tests.ts";

test_transformations();
