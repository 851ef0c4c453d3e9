/** For each optimizer, options with which it keeps all the state that it can keep. */
export const KEEPING_ALL: Readonly<Record<string, object>> = {
  SGD: { momentum: 0.9 },
  Adam: { amsgrad: true },
  AdamW: { amsgrad: true },
  NAdam: {},
  RAdam: {},
  Adamax: {},
  Adagrad: {},
  Adadelta: {},
  RMSprop: { momentum: 0.5, centered: true },
  Rprop: {},
  ASGD: { t0: 1 },
  Adafactor: {},
  Muon: {},
  LBFGS: { max_iter: 3, lr: 0.1 },
};
