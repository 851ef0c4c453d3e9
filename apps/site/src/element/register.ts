import { defineCustomElement } from "vue";
import TorchCurve from "./TorchCurve.ce.vue";

const NAME = "torch-curve";

/** Lets pages have `<torch-curve>`. In the browser alone: nothing else knows custom elements. */
export function registerTorchCurve(): void {
  if (customElements.get(NAME)) return;
  customElements.define(NAME, defineCustomElement(TorchCurve));
}
