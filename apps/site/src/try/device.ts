import type { Images } from "digits/images";
import { backward, makeParameters, useDevice } from "digits/model";
import type { DeviceChoice } from "./messages.ts";

/** How far a device's loss may be from the one that wasm gives. */
const TOLERANCE = 1e-3;

/**
 * Has the gradients computed on a GPU where there is one that computes them rightly, and otherwise, or
 * if that was chosen, on wasm.
 */
export async function findDevice(choice: DeviceChoice, sample: Images): Promise<"webgpu" | "wasm"> {
  if (!(await useDevice("wasm"))) throw new Error("this browser has no WebAssembly");
  if (choice === "wasm") return "wasm";
  const expected = backward(makeParameters(0), sample);
  try {
    if (await useDevice("webgpu")) {
      const loss = backward(makeParameters(0), sample);
      if (Math.abs(loss - expected) < TOLERANCE) return "webgpu";
    }
  } catch {
    // A GPU that cannot is as good as none.
  }
  await useDevice("wasm");
  return "wasm";
}
