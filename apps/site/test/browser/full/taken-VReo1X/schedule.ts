import { CosineAnnealingLR, LinearLR, SequentialLR } from "torch-optim/lr_scheduler";
export function build(optimizer) {
  const linear = new LinearLR(optimizer, { total_iters: 20, start_factor: 0.1 });
  const cosineAnnealing = new CosineAnnealingLR(optimizer, { T_max: 50 });
  const linear2 = new LinearLR(optimizer, { total_iters: 30, start_factor: 0.2, end_factor: 0 });
  const scheduler = new SequentialLR(optimizer, {
    schedulers: [linear, cosineAnnealing, linear2],
    milestones: [20, 70],
  });

  return scheduler;
}
