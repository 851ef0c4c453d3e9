import { defaultDevice, init } from "@jax-js/jax";
import { show } from "digits/page";
import { EPOCHS, train } from "./train.ts";

const devices = await init();
defaultDevice(devices.includes("webgpu") ? "webgpu" : "wasm");
await show(train, EPOCHS);
