import { parseDocument } from "yaml";
import { Refusal } from "./refusal.ts";

/**
 * What a YAML file says, as data.
 *
 * @throws Refusal that points at the place.
 */
export function parseYaml(text: string, name: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new Refusal(`${name}: ${error.message.trimEnd()}`);
  try {
    return document.toJS();
  } catch (cause) {
    // Aliases that would make more of a short text than fits anywhere.
    throw new Refusal(`${name}: ${(cause as Error).message}`);
  }
}
