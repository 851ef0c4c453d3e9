import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";

/** What TensorFlow.js has for a GPU. */
export const GPU_BACKENDS = ["webgl", "webgpu"];
