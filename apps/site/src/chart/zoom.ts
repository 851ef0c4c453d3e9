import { computed, type Ref, shallowRef, watch } from "vue";
import type { Domain } from "./place.ts";

/** As few epochs as are looked at. */
const LEAST = 4;

/** The stretch of a chart's epochs that is looked at. */
export interface Zoom {
  readonly domain: Readonly<Ref<Domain>>;
  readonly isWhole: Readonly<Ref<boolean>>;
  /** Looks at these epochs. */
  show(from: number, to: number): void;
  /** @param factor - How much wider the stretch becomes; below 1, it comes closer. */
  scale(factor: number, around: number): void;
  /** Goes on to other epochs, at the same scale. */
  move(by: number): void;
  /** Goes on as little as brings an epoch in sight. */
  reveal(epoch: number): void;
  reset(): void;
}

/**
 * @param length - How many epochs there are.
 * @param given - A stretch that is chosen outside of the chart, as by another one beside it.
 */
export function makeZoom(
  length: () => number,
  given: () => Domain | undefined,
  changed: (domain: Domain) => void,
): Zoom {
  const chosen = shallowRef(given());
  watch(given, (next) => {
    chosen.value = next;
  });
  const domain = computed<Domain>(() => within(chosen.value, length()));
  const isWhole = computed(() => domain.value[0] === 0 && domain.value[1] === length());
  const choose = (next: Domain | undefined) => {
    chosen.value = next;
    changed(domain.value);
  };
  const show = (from: number, to: number) => {
    const isAll = from <= 0 && to >= length();
    choose(isAll ? undefined : within([from, to], length()));
  };
  const move = (by: number) => {
    const [from, to] = domain.value;
    show(from + by, to + by);
  };
  return {
    domain,
    isWhole,
    show,
    move,
    scale(factor, around) {
      const [from, to] = domain.value;
      const span = Math.max(LEAST, Math.round((to - from) * factor));
      const start = around - ((around - from) / (to - from)) * span;
      if (span >= length()) choose(undefined);
      else show(Math.round(start), Math.round(start) + span);
    },
    reveal(epoch) {
      const [from, to] = domain.value;
      if (epoch < from) move(epoch - from);
      else if (epoch >= to) move(epoch + 1 - to);
    },
    reset: () => choose(undefined),
  };
}

/** A stretch moved and cut so that it lies within the epochs there are. */
function within(wished: Domain | undefined, length: number): Domain {
  if (!wished) return [0, length];
  const [from, to] = wished;
  const span = Math.min(Math.max(LEAST, to - from), length);
  const start = Math.min(Math.max(0, from), length - span);
  return [start, start + span];
}
