import { onBeforeUnmount, type Ref, ref, type ShallowRef, shallowRef } from "vue";
import type { News, Order, Report, Row } from "./messages.ts";

type RaceOrder = Extract<Order, { kind: "race" }>;

/** How a run stands. */
export type Status = "starting" | "running" | "paused" | "stopped" | "done" | "failed";

/** A training, or several side by side, and what has come of it so far. */
export interface Run {
  readonly status: Readonly<Ref<Status>>;
  /** On what it is computed, as soon as that is known. */
  readonly device: Readonly<Ref<"webgpu" | "wasm" | undefined>>;
  /** What came of the steps of each. */
  readonly rows: Readonly<ShallowRef<readonly (readonly Row[])[]>>;
  /** Why one of them ended before its time, if it did. */
  readonly ended: Readonly<ShallowRef<readonly (string | undefined)[]>>;
  /** Why all of it failed. */
  readonly failure: Readonly<Ref<string | undefined>>;
}

/** Trains in a worker, one run at a time. */
export interface Trainer {
  start(order: Omit<RaceOrder, "kind">): Run;
  pause(): void;
  goOn(): void;
  stop(): void;
}

/** A trainer for a component, with which its worker ends. */
export function useTrainer(): Trainer {
  let worker: Worker | undefined;
  let current: ReturnType<typeof makeRun> | undefined;

  const send = (order: Order) => worker?.postMessage(order);
  const end = () => {
    worker?.terminate();
    worker = undefined;
  };
  const begin = () => {
    const made = new Worker(new URL("./train.worker.ts", import.meta.url), { type: "module" });
    made.onmessage = ({ data }: MessageEvent<Report>) => current?.take(data);
    made.onerror = ({ message }) => {
      end();
      current?.take({ kind: "failed", reason: message || "the program could not be loaded" });
    };
    return made;
  };
  onBeforeUnmount(end);

  return {
    start(order) {
      const run = makeRun(order.entrants.length);
      current = run;
      worker ??= begin();
      send({ kind: "race", ...order });
      return run;
    },
    pause: () => send({ kind: "pause" }),
    goOn() {
      current?.goOn();
      send({ kind: "goOn" });
    },
    stop() {
      if (current?.status.value !== "starting") return send({ kind: "stop" });
      // While it loads, it hears nothing.
      end();
      current.take({ kind: "stopped" });
    },
  };
}

function makeRun(count: number) {
  const status = ref<Status>("starting");
  const device = ref<"webgpu" | "wasm">();
  const rows = shallowRef<readonly (readonly Row[])[]>(Array.from({ length: count }, () => []));
  const ended = shallowRef<readonly (string | undefined)[]>(Array(count).fill(undefined));
  const failure = ref<string>();

  const takeNews = (news: readonly News[]) => {
    rows.value = rows.value.map((own, i) => [...own, ...news[i].rows]);
    ended.value = ended.value.map((reason, i) => reason ?? news[i].ended);
  };
  const take = (report: Report) => {
    switch (report.kind) {
      case "began":
        device.value = report.device;
        status.value = "running";
        return;
      case "news":
        return takeNews(report.news);
      case "failed":
        failure.value = report.reason;
        status.value = "failed";
        return;
      default:
        status.value = report.kind;
    }
  };
  const goOn = () => {
    status.value = "running";
  };
  return { status, device, rows, ended, failure, take, goOn };
}
