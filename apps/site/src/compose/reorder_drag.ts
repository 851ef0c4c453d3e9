import { type InjectionKey, inject, provide, type ShallowRef, shallowRef } from "vue";
import { type Compose, useCompose } from "./compose.ts";
import { followPointer } from "./follow_pointer.ts";
import { reorder } from "./structure.ts";
import { placeOf } from "./tree.ts";

/** Beside which block the one that is dragged would come to stand. */
export interface Drop {
  readonly path: string;
  readonly isAfter: boolean;
}

interface Reorder {
  readonly drop: ShallowRef<Drop | undefined>;
  /** Takes hold of a block, which may become a drag. */
  hold(event: PointerEvent, path: string): void;
}

/** How far a pointer goes before a press is no click any more. */
const LEAST_PIXELS = 6;
const REORDER: InjectionKey<Reorder> = Symbol("reorder");

/** Lets the blocks below be dragged to other places. */
export function provideReorder(compose: Compose): void {
  const drop = shallowRef<Drop>();
  provide(REORDER, {
    drop,
    hold(event, path) {
      if (event.button !== 0 || !placeOf(path)) return;
      followPointer(event, {
        move(dx, dy, { clientX, clientY }) {
          const isDrag = Math.hypot(dx, dy) >= LEAST_PIXELS;
          drop.value = isDrag ? dropAt(path, clientX, clientY) : undefined;
        },
        end() {
          const to = drop.value && indexAfter(path, drop.value);
          drop.value = undefined;
          if (to !== undefined) compose.apply(reorder(compose.studio.plan.value, path, to));
        },
        cancel() {
          drop.value = undefined;
        },
      });
    },
  });
}

export function useReorder(): Reorder {
  useCompose();
  const own = inject(REORDER);
  if (!own) throw new Error("blocks stand on a track");
  return own;
}

/** The sibling under the pointer, and on which side of it one would come to stand. */
function dropAt(path: string, x: number, y: number): Drop | undefined {
  const parent = placeOf(path)?.parent;
  for (const element of document.elementsFromPoint(x, y)) {
    const block = element.closest<HTMLElement>("[data-path]");
    for (let at = block; at; at = at.parentElement?.closest<HTMLElement>("[data-path]") ?? null) {
      const { path: own = "" } = at.dataset;
      if (own === path || placeOf(own)?.parent !== parent) continue;
      const { left, top, width, height } = at.getBoundingClientRect();
      const isChain = at.parentElement?.closest(".block")?.classList.contains("chain") ?? false;
      const isAfter = isChain ? y > top + height / 2 : x > left + width / 2;
      return { path: own, isAfter };
    }
  }
  return undefined;
}

/** Where a block stands among its siblings, once it is put beside another. */
function indexAfter(path: string, { path: beside, isAfter }: Drop): number | undefined {
  const [from, at] = [placeOf(path)?.index, placeOf(beside)?.index];
  if (from === undefined || at === undefined) return undefined;
  const to = at + Number(isAfter) - Number(from < at + Number(isAfter));
  return to === from ? undefined : to;
}
