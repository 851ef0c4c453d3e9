import { check_spec, plain_spec } from "./check_spec.ts";
import { Problems } from "./problems.ts";
import { home_of } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { SpecError } from "./spec_error.ts";

/** What the name of a class says in any case, and a variable need not. */
const SUFFIX = /(LR|Scheduler)$/;

/** A spec whose soundness is known. */
export interface SoundSpec {
  readonly type: string;
  readonly schedulers?: readonly SoundSpec[];
  readonly milestones?: readonly number[];
  readonly [option: string]: unknown;
}

/** A line of a program: a scheduler, built from options and from the variables before it. */
export interface Statement {
  readonly variable: string;
  readonly spec: SoundSpec;
  /** The options but for the schedulers inside. */
  readonly options: readonly (readonly [name: string, value: unknown])[];
  /** The variables of the schedulers inside, if it is made of others. */
  readonly children?: readonly string[];
}

/** The program that builds a spec: every scheduler after those inside it, `scheduler` last. */
export function statements_of(
  spec: SchedulerSpec,
  variable_of: (words: readonly string[]) => string,
): Statement[] {
  const problems = check_spec(spec);
  if (problems.length > 0) throw new SpecError(problems);
  const counts = new Map<string, number>();
  const statements: Statement[] = [];

  function name(type: string): string {
    const words = words_of(type);
    const stem = home_of(type)
      ? words.slice(0, SUFFIX.test(type) ? -1 : undefined)
      : [...words, "scheduler"];
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    return variable_of(count === 1 ? stem : [...stem, String(count)]);
  }

  function state(spec: SoundSpec, is_last: boolean): string {
    const { type, schedulers, ...options } = spec;
    const children = schedulers?.map((child) => state(child, false));
    const variable = is_last ? "scheduler" : name(type);
    statements.push({
      variable,
      spec,
      options: Object.entries(options),
      ...(children ? { children } : {}),
    });
    return variable;
  }

  state(plain_spec(spec, new Problems()) as SoundSpec, true);
  return statements;
}

/** The words of a class's name, in lower case. */
export function words_of(type: string): string[] {
  const words = type.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+/g) ?? [type];
  return words.map((word) => word.toLowerCase());
}

/** The types of a program that have one home, each once, in alphabetical order. */
export function types_at(home: string | undefined, statements: readonly Statement[]): string[] {
  const types = statements.map(({ spec }) => spec.type).filter((type) => home_of(type) === home);
  return [...new Set(types)].sort();
}
