// jax-js asks navigator for a GPU, and Node.js 20 has no navigator.
globalThis.navigator ??= {} as Navigator;
