import { constants } from "node:os";
import { dirname, join } from "node:path";
import sparticuz from "@sparticuz/chromium";
import { create, globals } from "webgpu";

/** Node.js does not name it: the library stays, though it is no module of Node.js. */
const RTLD_NODELETE = 0x1000;

/** What `create` gave: WebGPU goes on as long as somebody holds it. */
let gpu: GPU | undefined;

/**
 * WebGPU in Node.js, in software: Dawn over the SwiftShader of the Chromium that comes by npm. Afterwards
 * `navigator.gpu` is there, as in a browser. False where there is no such Chromium.
 */
export async function start_webgpu(): Promise<boolean> {
  if (gpu) return true;
  if (process.platform !== "linux" || process.arch !== "x64") return false;
  const folder = dirname(await sparticuz.executablePath());
  process.env.VK_ICD_FILENAMES = join(folder, "vk_swiftshader_icd.json");
  try {
    const flags = constants.dlopen.RTLD_NOW | RTLD_NODELETE;
    process.dlopen({ exports: {} }, join(folder, "libvulkan.so.1"), flags);
  } catch {
    // It is loaded by now, and it is none of Node.js's own.
  }
  Object.assign(globalThis, globals);
  gpu = create([]);
  // Frameworks ask by its name what browser they are in.
  const navigator = { gpu, userAgent: `Node.js ${process.version}` };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  return true;
}
