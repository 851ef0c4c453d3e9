import type { LRScheduler, Recipe } from "torch-optim/lr_scheduler";
import type { TorchOptimizer } from "./torch_optimizer.ts";
import type { VariableLike } from "./variables.ts";

/** What a training run goes on from, beside its model. */
export interface TrainingState {
  /** The state of the optimizer, in PyTorch's form. */
  optimizer: object;
  /** The state of its schedule, likewise. */
  scheduler?: object;
}

/** An optimizer and its schedule. */
export interface Training {
  /** The optimizer. */
  optimizer: TorchOptimizer<object>;
  /** Its schedule. */
  scheduler?: LRScheduler | Recipe;
  /** The model's variables in their order, for an optimizer that has not taken a step yet. */
  variables?: readonly VariableLike[];
}

/**
 * The state of an optimizer and its schedule as a plain object, for JSON or IndexedDB.
 *
 * @example
 * ```ts
 * await model.save("indexeddb://model");
 * localStorage.setItem("training", JSON.stringify(await state_of({ optimizer, scheduler })));
 * ```
 */
export async function state_of({ optimizer, scheduler }: Training): Promise<TrainingState> {
  const state = { optimizer: await optimizer.state_dict() };
  return scheduler ? { ...state, scheduler: scheduler.state_dict() } : state;
}

/**
 * Puts an optimizer and its schedule, built as those were, where a state says: one of `state_of`, or one
 * that PyTorch's `torch_optim.py` wrote.
 *
 * @throws Error, TypeError or RangeError that names the key.
 * @example
 * ```ts
 * const state = JSON.parse(localStorage.getItem("training") ?? "null");
 * if (state) restore({ optimizer, scheduler, variables: model.trainableWeights }, state);
 * ```
 */
export function restore({ optimizer, scheduler, variables }: Training, state: TrainingState): void {
  optimizer.load_state_dict(state.optimizer, variables);
  if (scheduler && state.scheduler) scheduler.load_state_dict(state.scheduler);
}

const STORE = "torch-optim";

/**
 * Keeps a state under a name in the browser's IndexedDB.
 *
 * @throws The browser's error, if it has no room for it.
 * @example
 * ```ts
 * await save_to_indexeddb("run 1", await state_of({ optimizer, scheduler }));
 * ```
 */
export async function save_to_indexeddb(name: string, state: TrainingState): Promise<void> {
  await in_store("readwrite", (store) => store.put(state, name));
}

/**
 * The state that is kept under a name in the browser's IndexedDB; undefined if there is none.
 *
 * @example
 * ```ts
 * const state = await load_from_indexeddb("run 1");
 * if (state) restore({ optimizer, scheduler, variables: model.trainableWeights }, state);
 * ```
 */
export async function load_from_indexeddb(name: string): Promise<TrainingState | undefined> {
  return in_store("readonly", (store) => store.get(name));
}

async function in_store<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(STORE);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await answer(opening);
  try {
    return await answer(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
