import type { SpecProblem } from "torch-optim/lr_scheduler";
import {
  type ComputedRef,
  computed,
  type InjectionKey,
  inject,
  type Ref,
  shallowRef,
  watch,
} from "vue";
import type { Standing } from "../start/standing.ts";
import { type History, makeHistory } from "./history.ts";
import { type Plan, problemsOf } from "./plan.ts";

/** How the curve is looked at. */
export interface View {
  readonly isLog: boolean;
  /** What the axis below counts. */
  readonly unit: "steps" | "epochs" | "shares";
}

/** A schedule that is kept for comparison. */
export interface Pin {
  readonly name: string;
  readonly plan: Plan;
}

/** What a link holds. */
export interface Shared {
  readonly plan: Plan;
  readonly view: View;
  readonly pins: readonly Pin[];
}

/** All that the panels of the studio share: one plan, of which each of them is a view. */
export interface Studio {
  readonly history: History<Plan>;
  readonly plan: Readonly<Ref<Plan>>;
  readonly problems: ComputedRef<readonly SpecProblem[]>;
  /** The plan, or the last one before it that was sound. */
  readonly soundPlan: Readonly<Ref<Plan>>;
  readonly view: Ref<View>;
  readonly pins: Ref<readonly Pin[]>;
  /** Where a run stands whose state was opened. */
  readonly standing: Ref<Standing | undefined>;
}

export function makeStudio({ plan, view, pins }: Shared): Studio {
  const history = makeHistory(plan);
  const problems = computed(() => problemsOf(history.value.value));
  const soundPlan = shallowRef(plan);
  watch(
    history.value,
    (next) => {
      if (problems.value.length === 0) soundPlan.value = next;
    },
    { flush: "sync" },
  );
  return {
    history,
    plan: history.value,
    problems,
    soundPlan,
    view: shallowRef(view),
    pins: shallowRef(pins),
    standing: shallowRef(),
  };
}

export const STUDIO: InjectionKey<Studio> = Symbol("studio");

/** The studio that a panel stands in. */
export function useStudio(): Studio {
  const studio = inject(STUDIO);
  if (!studio) throw new Error("a panel of the studio must stand in one");
  return studio;
}
