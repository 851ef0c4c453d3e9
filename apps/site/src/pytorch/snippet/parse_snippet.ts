import type { Spec } from "torch-optim/lr_scheduler";
import { stepsOf } from "../../editors/path.ts";
import { type Locate, Mistaken, wordAt } from "../../editors/plan_text.ts";
import { Fault } from "./fault.ts";
import { Program } from "./program.ts";
import type { Built, Value } from "./values.ts";

/** What a snippet of PyTorch builds. */
export interface Snippet {
  /** It may be unsound. */
  readonly spec: Spec;
  /** The optimizer's lr, if the snippet says it. */
  readonly lr?: number;
  /** What was assumed or left out, in sentences. */
  readonly notes: readonly string[];
  readonly locate: Locate;
}

/** As many characters as a snippet may have. */
const LONGEST = 1_000_000;

/**
 * Reads a snippet of Python that builds a schedule of PyTorch or `transformers`, as data: nothing of it
 * is ever run. Names of numbers and lists are followed, with what is worked out from them; everything
 * that is not about a schedule is passed over.
 *
 * @throws Mistaken that says what cannot be read, and where.
 */
export function parseSnippet(text: string): Snippet {
  if (text.length > LONGEST) {
    throw new Mistaken([
      { from: 0, to: 0, message: "the snippet is longer than a million characters" },
    ]);
  }
  const notes = new Set<string>();
  const program = new Program(text, (sentence) => notes.add(sentence));
  try {
    program.read();
    const chosen = choose(program, (sentence) => notes.add(sentence));
    const lr = lrOf(chosen[0].optimizer, (sentence) => notes.add(sentence));
    return { ...asSpec(text, chosen), ...(lr === undefined ? {} : { lr }), notes: [...notes] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Mistaken([{ ...wordAt(text, error.position), message: error.message }]);
  }
}

/** The schedulers that the snippet is about: those that it steps, or the last one that nothing else has. */
function choose({ built, refused }: Program, note: (sentence: string) => void): readonly Built[] {
  const free = built.filter(({ isTaken }) => !isTaken);
  // A refused composite leaves what it was to be made of.
  const [fault] = refused;
  if (fault) throw fault;
  if (free.length === 0) throw new Fault("no scheduler is built here", 0);
  const stepped = free.filter(({ isStepped }) => isStepped);
  if (stepped.length > 1) {
    note(`The snippet steps ${stepped.length} schedulers: here they are one chain.`);
    return stepped;
  }
  const last = stepped[0] ?? free[free.length - 1];
  if (free.length > 1) {
    note(`The snippet builds ${free.length} schedules: this is the ${last.type}.`);
  }
  return [last];
}

function asSpec(text: string, chosen: readonly Built[]): Pick<Snippet, "spec" | "locate"> {
  const [first] = chosen;
  const whole =
    chosen.length === 1
      ? first
      : { ...first, children: chosen, places: new Map(), position: first.position };
  const spec =
    chosen.length === 1
      ? first.spec
      : { type: "ChainedScheduler", schedulers: chosen.map((each) => each.spec) };
  return { spec: spec as Spec, locate: (path) => wordAt(text, placeOf(whole, path)) };
}

/** Where stands what the path of a problem speaks of, or the nearest around it. */
function placeOf(built: Pick<Built, "children" | "places" | "position">, path: string): number {
  let at = built;
  for (const step of stepsOf(path)) {
    if (typeof step === "number") {
      const child = at.children[step];
      if (!child) break;
      at = child;
    } else if (step !== "schedulers") return at.places.get(step) ?? at.position;
  }
  return at.position;
}

function lrOf(optimizer: Value | undefined, note: (sentence: string) => void): number | undefined {
  const { lr, groupLrs = [] } = optimizer?.kind === "optimizer" ? optimizer.optimizer : {};
  const lrs = [...groupLrs, ...(lr ? [lr] : [])].flatMap((each) =>
    each.kind === "number" && each.value > 0 && Number.isFinite(each.value) ? [each.value] : [],
  );
  if (lrs.length === 0) note("The snippet does not say the lr: the base lr stays as it was.");
  if (new Set(lrs).size > 1) note("The groups have several lrs: this is the first one's curve.");
  return lrs[0];
}
