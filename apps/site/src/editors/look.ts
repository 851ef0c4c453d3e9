import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** How editors look: by the page's own colours, so that they follow its light and dark. */
export const LOOK = EditorView.theme({
  "&": {
    border: "1px solid var(--vp-c-border)",
    borderRadius: "6px",
    backgroundColor: "var(--vp-c-bg)",
    color: "var(--vp-c-text-1)",
    fontSize: "13px",
  },
  "&.cm-focused": { outline: "2px solid var(--vp-c-brand-1)", outlineOffset: "1px" },
  ".cm-scroller": {
    maxHeight: "420px",
    overflow: "auto",
    fontFamily: "var(--vp-font-family-mono)",
    lineHeight: "1.6",
  },
  ".cm-content": { minHeight: "44px", padding: "10px 0", caretColor: "var(--vp-c-text-1)" },
  ".cm-line": { padding: "0 12px" },
  ".cm-cursor": { borderLeftColor: "var(--vp-c-text-1)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--vp-c-default-2)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--vp-c-default-1)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--vp-c-danger-soft)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--vp-c-danger-1)",
    textUnderlineOffset: "3px",
  },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--vp-c-danger-1)" },
  ".cm-tooltip": {
    border: "1px solid var(--vp-c-border)",
    borderRadius: "6px",
    backgroundColor: "var(--vp-c-bg-elv)",
    color: "var(--vp-c-text-1)",
    maxWidth: "min(420px, 90vw)",
  },
  ".cm-tooltip.cm-completionInfo": { padding: "6px 10px", lineHeight: "1.45" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--vp-font-family-mono)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--vp-c-brand-3)",
    color: "var(--vp-c-white)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  ".cm-diagnostic": { padding: "6px 10px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--vp-c-danger-1)" },
  ".cm-panels": { backgroundColor: "var(--vp-c-bg-alt)", color: "var(--vp-c-text-1)" },
});

/** The colours of words. */
export const COLORS = HighlightStyle.define([
  { tag: [tags.keyword, tags.moduleKeyword, tags.definitionKeyword], color: "var(--vp-c-brand-1)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--vp-c-green-1)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--vp-c-purple-1)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--vp-c-indigo-1)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--vp-c-text-2)" },
  { tag: tags.operator, color: "var(--vp-c-brand-1)" },
]);
