import schema from "torch-optim/spec.schema.json";

/** What a JSON Schema says of a value. */
export interface ValueSchema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly items?: ValueSchema;
}

const DEFINITIONS = schema.$defs as unknown as Readonly<Record<string, ValueSchema | undefined>>;

/** The options of a scheduler or a recipe, by its type. */
export function optionsOf(type: unknown): Readonly<Record<string, ValueSchema>> {
  const known = typeof type === "string" && Object.hasOwn(DEFINITIONS, type);
  return (known ? DEFINITIONS[type]?.properties : undefined) ?? {};
}

/** The keys of an entry of a recipe. */
export const ENTRY = DEFINITIONS.Recipe?.properties?.schedules?.items?.properties ?? {};

/** The types that a spec may have, with what each does. */
export const TYPES: readonly { readonly type: string; readonly meaning?: string }[] = (
  schema.properties.type.enum as readonly string[]
).map((type) => ({ type, meaning: DEFINITIONS[type]?.description }));

/** The values that one can choose from, if these are few. */
export function choicesOf({ enum: choices, type, default: usual }: ValueSchema): unknown[] {
  if (choices) return [...choices];
  if (type === "boolean") return [true, false];
  return usual === undefined ? [] : [usual];
}
