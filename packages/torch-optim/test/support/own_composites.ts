import * as torch from "../../src/index.ts";

type Schedulers = { schedulers: readonly torch.optim.LRScheduler[] };
type LRs = torch.optim.LRs;

/** As low as the lowest of its members, each on a curve of its own: the one of docs/your-own-scheduler.md. */
export class LowestLR extends torch.optim.CompositeScheduler<Schedulers> {
  static override motion(scheduler: LowestLR) {
    return new LowestMotion(scheduler);
  }
}

class LowestMotion extends torch.optim.CompositeMotion<LowestLR> {
  override begin(lrs: LRs): LRs {
    const curves = this.children.map(({ motion }) => motion.begin(lrs));
    return this.moved(0, lowest(curves));
  }

  override advance(_: LRs, epoch: number, metric?: number): LRs {
    const curves = this.children.map(({ motion, _last_lr }) =>
      motion.advance(_last_lr, epoch, metric),
    );
    return this.moved(epoch, lowest(curves));
  }

  override join(g: number): number {
    for (const { motion, _last_lr } of this.children) _last_lr[g] = motion.join(g);
    return lowest(this.children.map(({ _last_lr }) => _last_lr))[g];
  }
}

function lowest(curves: LRs[]): number[] {
  return curves[0].map((_, g) => Math.min(...curves.map((lrs) => lrs[g])));
}

/**
 * Takes its members in turns of one epoch: member `i` of `n` drives the epochs `i`, `i + n`, …, which
 * are its own epochs 0, 1, ….
 */
export class TurnsLR extends torch.optim.CompositeScheduler<Schedulers> {
  static override motion(scheduler: TurnsLR) {
    return new TurnsMotion(scheduler);
  }
}

class TurnsMotion extends torch.optim.CompositeMotion<TurnsLR> {
  override readonly moving = [this.children[0]];

  override needs_metric(): boolean {
    const { motion } = this.#member_at(this.scheduler.last_epoch + 1);
    return this.#is_begun() && !!motion.needs_metric?.();
  }

  override begin(lrs: LRs): LRs {
    return this.#turn_to(0, this.#member_at(0).motion.begin(lrs));
  }

  override advance(lrs: LRs, epoch: number, metric?: number): LRs {
    const { motion, _last_lr } = this.#member_at(epoch);
    const turn = Math.floor(epoch / this.children.length);
    return this.#turn_to(
      epoch,
      turn === 0 ? motion.enter(lrs) : motion.advance(_last_lr, turn, metric),
    );
  }

  override at(epoch: number, begin?: () => LRs): LRs {
    if (!this.is_closed()) return super.at(epoch, begin);
    const turn = Math.floor(epoch / this.children.length);
    return this.#turn_to(epoch, this.#member_at(epoch).motion.at(turn));
  }

  override is_closed(): boolean {
    return this.children.every(({ motion }) => motion.children.length === 0 && motion.is_closed(0));
  }

  override load(reader: torch.optim.StateReader): void {
    super.load(reader);
    this.moving[0] = this.#member_at(this.scheduler.last_epoch);
  }

  #is_begun(): boolean {
    return this.scheduler.last_epoch + 1 >= this.children.length;
  }

  #turn_to(epoch: number, lrs: LRs): LRs {
    this.moving[0] = this.#member_at(epoch);
    return this.moved(epoch, lrs);
  }

  #member_at(epoch: number): torch.optim.LRScheduler {
    return this.children[epoch % this.children.length];
  }
}
