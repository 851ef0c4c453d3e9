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

/** An option as JSON can hold it: schedulers as specs. */
type Written<Value> = Value extends readonly LRScheduler[] ? readonly SchedulerSpec[] : Value;

/** A class by its name, with its options but for those that no JSON can hold. */
type Spec<Type extends SpecType, Options = OptionsOf<Type>> = { readonly type: Type } & {
  readonly [Option in keyof Options as Exclude<
    Option,
    keyof LRSchedulerOptions | "scale_fn"
  >]: Written<Options[Option]>;
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
