import { typescriptLanguage } from "@codemirror/lang-javascript";
import { highlightCode, tagHighlighter, tags } from "@lezer/highlight";

/** A piece of code, and what kind of word it is, if it is of one that has a colour. */
export interface Word {
  readonly text: string;
  readonly kind: string;
}

const KINDS = tagHighlighter([
  { tag: [tags.keyword, tags.moduleKeyword, tags.definitionKeyword], class: "keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "string" },
  { tag: [tags.number, tags.bool, tags.null], class: "number" },
  { tag: [tags.comment, tags.lineComment], class: "comment" },
  { tag: [tags.className, tags.function(tags.variableName)], class: "called" },
]);

/** A program in TypeScript as words with their colours. */
export function highlight(code: string): Word[] {
  const words: Word[] = [];
  highlightCode(
    code,
    typescriptLanguage.parser.parse(code),
    KINDS,
    (text, kind) => words.push({ text, kind }),
    () => words.push({ text: "\n", kind: "" }),
  );
  return words;
}
