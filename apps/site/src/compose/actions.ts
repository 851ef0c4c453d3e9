import type { Plan } from "../studio/plan.ts";
import type { Block } from "./layout.ts";
import {
  duplicate,
  type Edit,
  nest,
  nestWithNext,
  remove,
  reorder,
  split,
  unnest,
} from "./structure.ts";
import { placeOf } from "./tree.ts";

/** Something that is done to the chosen block. */
export interface Action {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly meaning: string;
  /** The keys as they are written, and as events have them. */
  readonly keys: string;
  /** What is said where it cannot be done. */
  readonly otherwise: string;
  isFor(event: KeyboardEvent): boolean;
  edit(plan: Plan, block: Block, splitAt: number): Edit | undefined;
}

const letter = (wanted: string) => (event: KeyboardEvent) =>
  event.key.toLowerCase() === wanted && !event.altKey && !event.ctrlKey && !event.metaKey;
const withAlt =
  (...keys: string[]) =>
  (event: KeyboardEvent) =>
    event.altKey && keys.includes(event.key);
const moved = (by: number) => (plan: Plan, block: Block) => {
  const place = placeOf(block.path);
  return place && reorder(plan, block.path, place.index + by);
};

export const ACTIONS: readonly Action[] = [
  {
    name: "Move left",
    meaning: "Changes places with the one before.",
    keys: "Alt+←",
    otherwise: "Nothing is before it.",
    isFor: withAlt("ArrowLeft", "ArrowUp"),
    edit: moved(-1),
  },
  {
    name: "Move right",
    meaning: "Changes places with the one after.",
    keys: "Alt+→",
    otherwise: "Nothing is after it.",
    isFor: withAlt("ArrowRight", "ArrowDown"),
    edit: moved(1),
  },
  {
    name: "Duplicate",
    meaning: "Puts a copy after it.",
    keys: "D",
    otherwise: "It is never in force, so there is nothing to copy.",
    isFor: letter("d"),
    edit: (plan, { path }) => duplicate(plan, path),
  },
  {
    name: "Split",
    meaning: "Cuts it in two, of which the second goes on with the curve.",
    keys: "S",
    otherwise: "It has but one step.",
    isFor: letter("s"),
    edit: (plan, { path }, at) => split(plan, path, at),
  },
  {
    name: "Delete",
    meaning: "Takes it away, with its steps.",
    keys: "Del",
    otherwise: "It is the only one there is.",
    isFor: ({ key }) => key === "Delete" || key === "Backspace",
    edit: (plan, { path }) => remove(plan, path),
  },
  {
    name: "Into a sequence",
    meaning: "Puts it into a sequence of its own.",
    keys: "Q",
    otherwise: "It cannot be nested.",
    isFor: letter("q"),
    edit: (plan, { path }) => nest(plan, path, "SequentialLR"),
  },
  {
    name: "Into a chain",
    meaning: "Puts it into a chain of its own, where further factors can join it.",
    keys: "C",
    otherwise: "It cannot be nested.",
    isFor: letter("c"),
    edit: (plan, { path }) => nest(plan, path, "ChainedScheduler"),
  },
  {
    name: "Join with next",
    meaning: "Puts it and the next into a sequence of their own.",
    keys: "J",
    otherwise: "No phase comes after it.",
    isFor: letter("j"),
    edit: (plan, { path }) => nestWithNext(plan, path),
  },
  {
    name: "Take apart",
    meaning: "Puts what is inside in its place.",
    keys: "U",
    otherwise: "Nothing is inside it that could stand in its place.",
    isFor: letter("u"),
    edit: (plan, { path }) => unnest(plan, path),
  },
];
