import * as torch from "torch-optim";

const { Recipe, select } = torch.optim.lr_scheduler;

/** The share of the steps over which splats are pruned and split. */
export const GROWING = 0.6;

/**
 * A schedule for each kind of parameter, behind one `step()`: positions settle exponentially, colours warm up
 * while the splats have none yet and then follow a cosine, and shapes stay free as long as splats are split.
 *
 * @param optimizer - With groups that are named position, shape and colour.
 */
export function schedulesOf(optimizer: torch.optim.Optimizer, steps: number): torch.optim.Recipe {
  const group = (name: string) => select(optimizer, { groups: [name] });
  const settling = new torch.optim.ExponentialLR(group("position"), { gamma: 0.02 ** (1 / steps) });
  const warmup = Math.round(0.05 * steps);
  const colour = group("colour");
  const colouring = new torch.optim.SequentialLR(colour, {
    schedulers: [
      new torch.optim.LinearLR(colour, { start_factor: 0.1, total_iters: warmup }),
      new torch.optim.CosineAnnealingLR(colour, { T_max: steps - warmup, eta_min: 2e-4 }),
    ],
    milestones: [warmup],
  });
  const free = Math.round(GROWING * steps);
  const shape = group("shape");
  const shaping = new torch.optim.SequentialLR(shape, {
    schedulers: [
      new torch.optim.ConstantLR(shape, { factor: 1, total_iters: free }),
      new torch.optim.CosineAnnealingLR(shape, { T_max: steps - free }),
    ],
    milestones: [free],
  });
  return new Recipe(optimizer, { schedules: [settling, shaping, colouring] });
}
