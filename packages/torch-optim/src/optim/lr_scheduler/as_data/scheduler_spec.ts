import type { CATALOGUE } from "../catalogue.ts";
import type { LRScheduler, LRSchedulerOptions } from "../lr_scheduler.ts";

type Catalogue = typeof CATALOGUE;

/** The options that a class takes. */
type OptionsOf<Type extends keyof Catalogue> = NonNullable<
  ConstructorParameters<Catalogue[Type]["scheduler"]>[1]
>;

/** The classes that a spec can name: all but those that cannot do without a function. */
type SpecType = {
  [Type in keyof Catalogue]: "lr_lambda" extends keyof OptionsOf<Type> ? never : Type;
}[keyof Catalogue];

/** A number of epochs as a share of a total, or in epochs of several steps. */
export type WrittenLength = `${number}%` | `${number}ep`;

/** An option as JSON can hold it: schedulers as specs, numbers of epochs as lengths too. */
type Written<Value, Counted> = Value extends readonly LRScheduler[]
  ? readonly SchedulerSpec[]
  : Counted extends true
    ? Value extends readonly number[]
      ? readonly (number | WrittenLength)[]
      : Value extends number
        ? number | WrittenLength
        : Value
    : Value;

/** Whether an option of a class counts epochs. */
type IsCounted<Type extends SpecType, Option> = Catalogue[Type] extends {
  readonly counts: infer Counts;
}
  ? Option extends keyof Counts
    ? true
    : false
  : false;

/** A class by its name, with its options but for those that no JSON can hold. */
type Spec<Type extends SpecType, Options = OptionsOf<Type>> = { readonly type: Type } & {
  readonly [Option in keyof Options as Exclude<
    Option,
    keyof LRSchedulerOptions | "scale_fn"
  >]: Written<Options[Option], IsCounted<Type, Option>>;
};

/**
 * The specs of classes that were registered. Declare yours here, and `SchedulerSpec` knows it.
 *
 * @example
 * ```ts
 * declare module "torch-optim/lr_scheduler" {
 *   interface CustomSpecs {
 *     InverseSqrtLR: { type: "InverseSqrtLR"; offset: number };
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be extended.
export interface CustomSpecs {}

/** A scheduler written down as data: its class, its options, and the schedulers inside it. */
export type SchedulerSpec =
  | { [Type in SpecType]: Spec<Type> }[SpecType]
  | CustomSpecs[keyof CustomSpecs];
