import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
// It registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import * as tf from "@tensorflow/tfjs-core";

/** The cpu backend under a name of its own: one of which optimizers know nothing but its operations. */
export const OTHER = "other";

tf.registerBackend(OTHER, () => new MathBackendCPU());
tf.copyRegisteredKernels("cpu", OTHER);
