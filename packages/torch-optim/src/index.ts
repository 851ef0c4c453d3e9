export * as optim from "./optim/index.ts";
