/** A schedule of which PyTorch makes something else. */
export interface Example {
  /** In the short form. */
  readonly spec: string;
  readonly lr: number;
  readonly epochs: number;
}

/** For the page of a class: a small schedule that shows where PyTorch does something else with it. */
export const examplesWherePyTorchDiffers: Readonly<Record<string, Example>> = {
  SequentialLR: {
    spec: "(linear:5 > exp(gamma=0.9)):15 > constant:5(factor=0.5)",
    lr: 1,
    epochs: 25,
  },
  ChainedScheduler: { spec: "restarts:10 + step(step_size=10, gamma=0.5)", lr: 1, epochs: 40 },
  LinearLR: { spec: "linear:0(start_factor=0.1)", lr: 1, epochs: 10 },
  ConstantLR: { spec: "constant:0(factor=0.1)", lr: 1, epochs: 10 },
  CosineAnnealingWarmRestarts: {
    spec: "restarts:10(T_mult=2) + exp(gamma=0.97)",
    lr: 1,
    epochs: 70,
  },
  CyclicLR: {
    spec: "cyclic:16(base_lr=0.1, max_lr=0.4, step_size_up=4) > exp(gamma=0.9)",
    lr: 1,
    epochs: 32,
  },
  OneCycleLR: { spec: "linear:10(start_factor=0.1) > onecycle:40(max_lr=1)", lr: 1, epochs: 50 },
  ReduceLROnPlateau: {
    spec: "linear:5(start_factor=0.1) > plateau(patience=3)",
    lr: 1,
    epochs: 20,
  },
  SWALR: { spec: "swa:20(swa_lr=0.5) > swa:20(swa_lr=0.05)", lr: 1, epochs: 40 },
};
