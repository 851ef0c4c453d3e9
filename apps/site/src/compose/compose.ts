import type { SpecProblem } from "torch-optim/lr_scheduler";
import {
  type ComputedRef,
  computed,
  type InjectionKey,
  inject,
  type Ref,
  type ShallowRef,
  shallowRef,
} from "vue";
import { type Plan, problemsOf } from "../studio/plan.ts";
import type { Studio } from "../studio/studio.ts";
import { type Block, blocksOf, type Track, tracksOf } from "./layout.ts";
import { mistakesOf } from "./mistakes.ts";
import type { Edit } from "./structure.ts";

/** Where the plot of a chart lies, and the epochs that it shows. */
export interface Frame {
  /** In pixels, from where the chart begins. */
  readonly left: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

/** What the track, the chart's handles and the inspector share. */
export interface Compose {
  readonly studio: Studio;
  readonly tracks: ComputedRef<readonly Track[]>;
  readonly blocks: ComputedRef<readonly Block[]>;
  /** Whether they can be shown: as many as that take no time. */
  readonly areFew: ComputedRef<boolean>;
  /** The block that is looked at, and its track. */
  readonly block: ComputedRef<Block>;
  readonly track: ComputedRef<Track>;
  /** What is wrong, by the path of the block where it is. */
  readonly mistakes: ComputedRef<ReadonlyMap<string, readonly SpecProblem[]>>;
  /** Of the chart of each option. */
  readonly frames: ShallowRef<ReadonlyMap<string, Frame>>;
  /** Why the last edit was not made; empty if it was. */
  readonly refusal: Ref<string>;
  select(path: string): void;
  /**
   * Makes an edit, unless it would spoil a sound plan.
   *
   * @param otherwise - What is said where there is none to make.
   */
  apply(edit: Edit | undefined, otherwise?: string): boolean;
  /** Goes on with another plan, be it unsound: it is being typed. */
  change(plan: Plan, gesture?: symbol): void;
}

/** As many blocks as are shown. */
export const MOST_BLOCKS = 1000;

export function makeCompose(studio: Studio): Compose {
  const { plan, problems, history } = studio;
  const selected = shallowRef("");
  const refusal = shallowRef("");
  const tracks = computed(() => tracksOf(plan.value));
  const blocks = computed(() => blocksOf(plan.value));
  const block = computed(() => nearest(blocks.value, selected.value));
  const change = (next: Plan, gesture?: symbol) => {
    refusal.value = "";
    if (next !== plan.value) history.change(next, gesture);
  };
  return {
    studio,
    tracks,
    blocks,
    areFew: computed(() => blocks.value.length <= MOST_BLOCKS),
    block,
    track: computed(() => trackOf(tracks.value, block.value)),
    mistakes: computed(() => mistakesOf(problems.value, blocks.value)),
    frames: shallowRef(new Map()),
    refusal,
    select(path) {
      selected.value = path;
      refusal.value = "";
    },
    apply(edit, otherwise = "") {
      if (!edit) {
        refusal.value = otherwise;
        return false;
      }
      const [problem] = problems.value.length === 0 ? problemsOf(edit.plan) : [];
      if (problem) {
        refusal.value = `That would not do. ${problem.path}: ${problem.message}.`;
        return false;
      }
      change(edit.plan);
      selected.value = edit.path;
      return true;
    },
    change,
  };
}

/** The block at a path, or the one around where it was. */
function nearest(blocks: readonly Block[], path: string): Block {
  const around = blocks.filter((block) => path.startsWith(block.path));
  return around.at(-1) ?? blocks[0];
}

function trackOf(tracks: readonly Track[], { path }: Block): Track {
  return tracks.find(({ block }) => path.startsWith(block.path)) ?? tracks[0];
}

export const COMPOSE: InjectionKey<Compose> = Symbol("compose");

/** What the parts of the composer share. */
export function useCompose(): Compose {
  const compose = inject(COMPOSE);
  if (!compose) throw new Error("a part of the composer must stand in one");
  return compose;
}
