// Writes the JSON Schema of specs that is published with the package, from the catalogue of
// schedulers, from the tables of options that check specs, and from the options' docstrings.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Field } from "../packages/torch-optim/src/fields.ts";
import {
  fields_of,
  takes_function,
} from "../packages/torch-optim/src/optim/lr_scheduler/as_data/registry.ts";
import { CATALOGUE, type Entry } from "../packages/torch-optim/src/optim/lr_scheduler/catalogue.ts";

const folder = join(import.meta.dirname, "..", "packages", "torch-optim");

/** Where the published schema stands. */
export const SCHEMA_FILE = join(folder, "spec.schema.json");

type Schema = Record<string, unknown>;

/** The schemas of the options that are more than numbers, choices and truth values. */
const OTHERS: Record<string, Schema> = {
  schedulers: { type: "array", minItems: 1, items: { $ref: "#/$defs/scheduler" } },
  milestones: { type: "array", items: { type: "integer", minimum: 0 } },
  epochs: {
    type: "array",
    items: { type: "integer", minimum: 0 },
    contains: { const: 0 },
    uniqueItems: true,
  },
  factors: { type: "array", items: { type: "number", minimum: 0 } },
  starts: { type: "array", items: { type: "integer", minimum: 0 } },
};

const RECIPE: Schema = {
  title: "Recipe",
  description: "Several schedules, each of an option of its own of some groups.",
  type: "object",
  properties: {
    type: { const: "Recipe", description: "Several schedules behind one step." },
    schedules: {
      description: "The schedules; no two of them move the same option of the same group.",
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        properties: {
          option: {
            description: 'The option that is moved; "momentum" is beta1 where a group has betas.',
            type: "string",
            default: "lr",
          },
          groups: {
            description: "The groups whose option it is, by index or name; all without.",
            type: ["array", "null"],
            minItems: 1,
            items: { type: ["integer", "string"] },
          },
          schedule: { $ref: "#/$defs/scheduler" },
        },
        required: ["schedule"],
        additionalProperties: false,
      },
    },
  },
  required: ["type", "schedules"],
};

export function spec_schema(): Schema {
  const docs_of = read_docs();
  const entries = Object.entries<Entry>(CATALOGUE)
    .filter(([, { scheduler }]) => !takes_function(scheduler))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const types = entries.map(([type]) => type);
  // Says nothing that the alternatives do not say, but by it editors offer all types.
  const type = { description: "The class of the scheduler.", enum: types };
  const root_type = { ...type, enum: [...types, "Recipe"] };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "torch-optim scheduler spec",
    description: "A scheduler, or a recipe, written down as data: its class and its options.",
    type: "object",
    properties: {
      $schema: { type: "string", description: "Where an editor finds this schema." },
      type: root_type,
    },
    oneOf: [{ $ref: "#/$defs/any" }, { $ref: "#/$defs/Recipe" }],
    unevaluatedProperties: false,
    $defs: {
      Recipe: RECIPE,
      any: { oneOf: types.map((type) => ({ $ref: `#/$defs/${type}` })) },
      scheduler: {
        description: "A scheduler inside another one.",
        type: "object",
        properties: { type },
        $ref: "#/$defs/any",
        unevaluatedProperties: false,
      },
      ...Object.fromEntries(
        entries.map(([type, entry]) => [type, class_schema(type, entry, docs_of(type))]),
      ),
    },
  };
}

function class_schema(
  type: string,
  { scheduler, meaning, counts = {} }: Entry,
  docs: OptionDocs,
): Schema {
  const table = Object.entries(fields_of(scheduler));
  return {
    title: type,
    description: meaning,
    type: "object",
    properties: {
      type: { const: type, description: meaning },
      ...Object.fromEntries(
        table.map(([option, field]) => [
          option,
          { description: docs.get(option), ...option_schema(option, field, option in counts) },
        ]),
      ),
    },
    required: [
      "type",
      ...table.filter(([, field]) => field.default === undefined).map(([option]) => option),
    ],
  };
}

/** A share of a total, or a number of epochs of several steps. */
const LENGTH: Schema = { type: "string", pattern: "^(\\d+(\\.\\d*)?|\\.\\d+)(%|ep)$" };

function option_schema(option: string, field: Field<unknown>, is_counted: boolean): Schema {
  const fallback = field.default === undefined ? {} : { default: field.default };
  const one = with_lengths(nullable(kind_schema(option, field), field), is_counted);
  if (!field.per_group) return { ...one, ...fallback };
  return { anyOf: [one, { type: "array", minItems: 1, items: one }], ...fallback };
}

/** The same, where it counts epochs with lengths in place of numbers. */
function with_lengths(schema: Schema, is_counted: boolean): Schema {
  if (!is_counted) return schema;
  const { items } = schema;
  return items ? { ...schema, items: { anyOf: [items, LENGTH] } } : { anyOf: [schema, LENGTH] };
}

function kind_schema(option: string, field: Field<unknown>): Schema {
  switch (field.type) {
    case "number":
    case "whole":
      return Object.fromEntries(
        Object.entries({
          type: field.type === "whole" ? "integer" : "number",
          minimum: field.min,
          exclusiveMinimum: field.above,
          maximum: field.max,
          exclusiveMaximum: field.below,
        }).filter(([, bound]) => bound !== undefined),
      );
    case "choice":
      return { enum: field.choices };
    case "boolean":
      return { type: "boolean" };
    case "function":
      return { type: "null" };
    case "custom":
      return OTHERS[option];
  }
}

function nullable(schema: Schema, field: Field<unknown>): Schema {
  const is_nullable = field.valid(null, 1) && schema.type !== "null";
  return is_nullable ? { ...schema, type: [schema.type, "null"] } : schema;
}

type OptionDocs = ReadonlyMap<string, string>;

/** The docstrings of every class's options. */
function read_docs(): (type: string) => OptionDocs {
  const file = join(folder, "src", "optim", "lr_scheduler", "index.ts");
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.Preserve,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file) as ts.SourceFile;
  const symbols = new Map(
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol)
      .map((symbol) => [symbol.name, checker.getAliasedSymbol(symbol)]),
  );
  const text = (symbol: ts.Symbol) =>
    ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ");
  return (type) => {
    const options = symbols.get(`${type}Options`);
    const properties = options ? checker.getDeclaredTypeOfSymbol(options).getProperties() : [];
    return new Map(properties.map((property) => [property.name, text(property)]));
  };
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(SCHEMA_FILE, `${JSON.stringify(spec_schema(), null, 2)}\n`);
}
