import { parse_spec, type Spec } from "torch-optim/lr_scheduler";
import gallery from "../../../../docs/gallery.md?raw";

const COMMAND = /^\$ torch-optim plot "(.+?)"(.*?) --svg gallery\/(\w+)\.svg$/gm;
const LR = /--lr (\S+)/;
const EPOCHS = /--epochs (\d+)/;
const USUAL_LR = 0.1;

/** A schedule that shows what a scheduler is like. */
export interface Example {
  /** What it shows, beside others of the same scheduler. */
  readonly title?: string;
  readonly spec: Spec;
  readonly lr: number;
  /** How many epochs are shown, where the schedule does not say it. */
  readonly epochs?: number;
}

/** The schedules of the gallery, by the scheduler that each of them shows. */
export const EXAMPLES: ReadonlyMap<string, Example> = new Map(
  [...gallery.matchAll(COMMAND)].map(([, text, options, type]): [string, Example] => [
    type,
    {
      spec: parse_spec(text),
      lr: Number(LR.exec(options)?.[1] ?? USUAL_LR),
      epochs: numberIn(EPOCHS, options),
    },
  ]),
);

function numberIn(pattern: RegExp, text: string): number | undefined {
  const [, found] = pattern.exec(text) ?? [];
  return found === undefined ? undefined : Number(found);
}
