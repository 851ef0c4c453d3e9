import { onBeforeUnmount, onMounted, type Ref, shallowRef, toRaw, watch } from "vue";
import type { Plan } from "../studio/plan.ts";
import type { Run } from "./course.ts";
import type { Answer, Question } from "./exact.worker.ts";

/** For how long a plan must have stayed the same to be run. */
const REST = 120;

/**
 * The exact runs of plans, as far as they are known. They are made in a worker, once a plan rests: what
 * is being dragged has none yet.
 */
export function useExactRuns(
  plans: () => readonly Plan[],
): Readonly<Ref<ReadonlyMap<Plan, readonly Run[]>>> {
  const known = shallowRef<ReadonlyMap<Plan, readonly Run[]>>(new Map());
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const asked = new Map<number, Plan>();
  let last = 0;

  const start = () => {
    worker = new Worker(new URL("./exact.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data: { id, runs } }: MessageEvent<Answer>) => {
      const plan = asked.get(id);
      asked.delete(id);
      if (plan && plans().includes(plan)) known.value = new Map([...known.value, [plan, runs]]);
    });
  };
  const end = () => {
    worker?.terminate();
    worker = undefined;
    asked.clear();
  };
  const ask = () => {
    // What is still being run, nobody wants any longer.
    if (asked.size > 0) end();
    for (const plan of plans()) {
      if (known.value.has(plan)) continue;
      if (!worker) start();
      last += 1;
      asked.set(last, plan);
      const question: Question = { id: last, plan: JSON.parse(JSON.stringify(toRaw(plan))) };
      worker?.postMessage(question);
    }
  };
  onMounted(() => {
    watch(
      plans,
      (next) => {
        known.value = new Map([...known.value].filter(([plan]) => next.includes(plan)));
        clearTimeout(timer);
        timer = setTimeout(ask, REST);
      },
      { immediate: true },
    );
  });
  onBeforeUnmount(() => {
    clearTimeout(timer);
    end();
  });
  return known;
}
