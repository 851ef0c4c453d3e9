import * as torch from "../../src/index.ts";
import { momenta_of } from "./curve.ts";
import { advance, type Case, set_by_hand } from "./fixtures.ts";
import { build } from "./spec.ts";

/** What a checkpoint holds. */
export interface State {
  readonly optimizer: object;
  readonly scheduler: object;
}

/** A course of a scheduler from a checkpoint on. */
export interface Checkpoint extends Case {
  /** The epoch of the checkpoint; `lr` and `momentum` begin there. */
  readonly stopped: number;
  readonly state: State;
  /** What PyTorch's `scheduler.state_dict()` is in JSON, with no help. */
  readonly raw?: object;
  /** Whether the law of chains decides the course, and not what PyTorch makes of it. */
  readonly by_law?: boolean;
}

export interface Run {
  readonly optimizer: torch.optim.SGD | torch.optim.Adam;
  readonly scheduler: torch.optim.LRScheduler;
}

/** An optimizer and a scheduler as a case wants them, at epoch 0. */
export function start({ groups, optimizer: kind, spec }: Case): Run {
  const params = groups.map((lr) => ({ params: [new torch.Parameter([0])], lr }));
  const optimizer =
    kind?.[0] === "Adam"
      ? new torch.optim.Adam(params)
      : new torch.optim.SGD(params, { momentum: 0.9 });
  return { optimizer, scheduler: build(optimizer, spec) };
}

/** A case run up to its checkpoint; an lr set by hand there is part of it. */
export function run_to_checkpoint(drawn: Checkpoint): Run {
  const run = start(drawn);
  for (let epoch = 0; epoch < drawn.stopped; epoch++) {
    run.optimizer.step();
    advance(drawn, run.scheduler, epoch);
  }
  set_by_hand(drawn, run.scheduler, drawn.stopped);
  return run;
}

/** A copy of a run's state as JSON holds it. */
export function saved({
  optimizer,
  scheduler,
}: {
  readonly optimizer: { state_dict(): object };
  readonly scheduler: { state_dict(): object };
}): State {
  const state = { optimizer: optimizer.state_dict(), scheduler: scheduler.state_dict() };
  return JSON.parse(JSON.stringify(state));
}

/** The lr and momentum of every group, from a checkpoint on. */
export function course(drawn: Checkpoint, { optimizer, scheduler }: Run) {
  const lr = optimizer.param_groups.map((group) => [group.lr]);
  const momentum = momenta_of(optimizer).map((value) => [value as number]);
  for (let epoch = drawn.stopped; epoch < drawn.steps; epoch++) {
    optimizer.step();
    advance(drawn, scheduler, epoch);
    for (const [g, group] of optimizer.param_groups.entries()) {
      lr[g].push(group.lr);
      momentum[g].push(momenta_of(optimizer)[g] as number);
    }
  }
  return { lr, momentum };
}
