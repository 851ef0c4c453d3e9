import { computed, type Ref, shallowRef } from "vue";

/** How many changes can be taken back. */
const MOST = 500;

/** A value with the ones before it, to which it can go back. */
export interface History<T> {
  readonly value: Readonly<Ref<T>>;
  readonly canUndo: Readonly<Ref<boolean>>;
  readonly canRedo: Readonly<Ref<boolean>>;
  /**
   * Goes on with another value.
   *
   * @param gesture - What it belongs to: all changes of one drag or of one stretch of typing are taken
   *   back together.
   */
  change(next: T, gesture?: symbol): void;
  undo(): void;
  redo(): void;
}

export function makeHistory<T>(first: T): History<T> {
  const past = shallowRef<readonly T[]>([]);
  const value = shallowRef(first);
  const future = shallowRef<readonly T[]>([]);
  let lastGesture: symbol | undefined;

  return {
    value,
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    change(next, gesture) {
      const isSame = gesture !== undefined && gesture === lastGesture;
      if (!isSame) past.value = [...past.value, value.value].slice(-MOST);
      lastGesture = gesture;
      value.value = next;
      future.value = [];
    },
    undo() {
      const before = past.value.at(-1);
      if (before === undefined) return;
      future.value = [...future.value, value.value];
      past.value = past.value.slice(0, -1);
      value.value = before;
      lastGesture = undefined;
    },
    redo() {
      const after = future.value.at(-1);
      if (after === undefined) return;
      past.value = [...past.value, value.value];
      future.value = future.value.slice(0, -1);
      value.value = after;
      lastGesture = undefined;
    },
  };
}
