// `<torch-curve>` as a file of its own, for any page that loads it.
import { registerTorchCurve } from "./register.ts";

registerTorchCurve();
