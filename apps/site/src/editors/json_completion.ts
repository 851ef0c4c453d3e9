import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { valueInJson } from "./json_text.ts";
import { choicesOf, ENTRY, optionsOf, TYPES, type ValueSchema } from "./schema.ts";

/** Where in JSON somebody types. */
interface Spot {
  /** How the object at hand is reached. */
  readonly path: readonly (string | number)[];
  /** The key whose value is typed; without it, a key is. */
  readonly key?: string;
  /** Where begins what is typed. */
  readonly from: number;
  readonly isInList: boolean;
}

/** What can stand in a spec at a place of its JSON: types, options, and their values. */
export function completeJson({ state, pos, explicit }: CompletionContext): CompletionResult | null {
  const text = state.doc.toString();
  const spot = spotAt(text, pos);
  if (!spot || (!explicit && spot.from === pos)) return null;
  const rest = /^[\w.]*"?/.exec(text.slice(pos))?.[0] ?? "";
  const to = text[spot.from] === '"' ? pos + rest.length : pos;
  const object = valueInJson(text, spot.path) ?? {};
  const options = spot.key === undefined ? keys(spot, object) : values(spot, object, spot.key);
  const hasColon = /^\s*:/.test(text.slice(to));
  return {
    from: spot.from,
    to,
    options: hasColon ? options.map((each) => ({ ...each, apply: each.label })) : options,
    validFor: /^"?[\w.]*"?$/,
  };
}

function keys({ path }: Spot, object: Readonly<Record<string, unknown>>): Completion[] {
  return Object.entries(schemaOf(path, object))
    .filter(([name]) => !Object.hasOwn(object, name))
    .map(([name, schema]) => {
      const label = JSON.stringify(name);
      return { label, apply: `${label}: `, info: schema.description, type: "property" };
    });
}

function values(
  { path, isInList }: Spot,
  object: Readonly<Record<string, unknown>>,
  key: string,
): Completion[] {
  if (key === "type") {
    const types = path.length === 0 ? TYPES : TYPES.filter(({ type }) => type !== "Recipe");
    return types.map(({ type, meaning }) => ({ label: JSON.stringify(type), info: meaning }));
  }
  const schema = schemaOf(path, object)[key];
  if (!schema || isInList) return [];
  return choicesOf(schema).map((value) => ({
    label: JSON.stringify(value),
    detail: value === schema.default ? "by default" : undefined,
    info: schema.description,
  }));
}

function schemaOf(
  path: Spot["path"],
  { type }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, ValueSchema>> {
  if (path.at(-2) === "schedules") return ENTRY;
  const own = optionsOf(type);
  return Object.keys(own).length > 0 ? own : { type: { description: "The class." } };
}

/** Reads up to where somebody types, through all that is open there. */
function spotAt(text: string, position: number): Spot | undefined {
  const open: { isList: boolean; index: number; key?: string; isValue: boolean }[] = [];
  const token = /"(?:[^"\\\n]|\\.)*"?|[{}[\]:,]|[^\s{}[\]:,"]+/g;
  let from = position;
  for (let found = token.exec(text); found && found.index < position; found = token.exec(text)) {
    const [piece] = found;
    const top = open.at(-1);
    const isOpen = found.index + piece.length >= position;
    if (/^[{[]$/.test(piece)) open.push({ isList: piece === "[", index: 0, isValue: false });
    else if (/^[}\]]$/.test(piece)) open.pop();
    else if (piece === ":" && top) top.isValue = true;
    else if (piece === "," && top) Object.assign(top, { index: top.index + 1, isValue: false });
    else if (isOpen) from = found.index;
    else if (top && !top.isList && !top.isValue) top.key = piece.replace(/^"|"$/g, "");
  }
  const top = open.at(-1);
  if (!top) return undefined;
  const steps = open.map(({ isList, index, key }) => (isList ? index : (key ?? "")));
  if (top.isList) {
    const key = steps.at(-2);
    return { path: steps.slice(0, -2), key: String(key ?? ""), from, isInList: true };
  }
  return {
    path: steps.slice(0, -1),
    key: top.isValue ? top.key : undefined,
    from,
    isInList: false,
  };
}
