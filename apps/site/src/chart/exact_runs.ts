import { onBeforeUnmount, onMounted, type Ref, shallowRef, watch } from "vue";
import type { Instead } from "../pytorch/instead.ts";
import type { Plan } from "../studio/plan.ts";
import type { Run } from "./course.ts";
import type { Answer, Question } from "./exact.worker.ts";

/** What is known of a plan that was run from its first epoch to its last. */
export interface Exact {
  readonly runs?: readonly Run[];
  /** What PyTorch does with it, if that is something else. */
  readonly instead?: Instead;
}

export type ExactRuns = ReadonlyMap<Plan, Exact>;

/** For how many milliseconds a plan must have stayed the same to be run. */
const REST = 120;

/**
 * The exact runs of plans, as far as they are known. They are made in a worker, once a plan rests: what
 * is being dragged has none yet. The first plan is compared with PyTorch.
 */
export function useExactRuns(plans: () => readonly Plan[]): Readonly<Ref<ExactRuns>> {
  const known = shallowRef<ExactRuns>(new Map());
  const asked = new Map<number, Plan>();
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;

  const listen = ({ data: { id, isLast, ...found } }: MessageEvent<Answer>) => {
    const plan = asked.get(id);
    if (isLast) asked.delete(id);
    if (!plan || !plans().includes(plan)) return;
    known.value = new Map([...known.value, [plan, { ...known.value.get(plan), ...found }]]);
  };
  const start = () => {
    worker = new Worker(new URL("./exact.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", listen);
    return worker;
  };
  const end = () => {
    worker?.terminate();
    worker = undefined;
    asked.clear();
  };
  const ask = () => {
    // What is still being run, nobody waits for any longer.
    if (asked.size > 0) end();
    for (const [i, plan] of plans().entries()) {
      if (known.value.has(plan)) continue;
      last += 1;
      asked.set(last, plan);
      // What is reactive cannot be sent; as data, a plan is all that it is.
      const sent = JSON.parse(JSON.stringify(plan)) as Plan;
      (worker ?? start()).postMessage({
        id: last,
        plan: sent,
        asksInstead: i === 0,
      } satisfies Question);
    }
  };
  const wait = (next: readonly Plan[]) => {
    const kept = [...known.value].filter(([plan]) => next.includes(plan));
    if (kept.length < known.value.size) known.value = new Map(kept);
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  };

  onMounted(() => watch(plans, wait, { immediate: true }));
  onBeforeUnmount(() => {
    clearTimeout(timer);
    end();
  });
  return known;
}
