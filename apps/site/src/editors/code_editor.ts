import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, redo, undo } from "@codemirror/commands";
import { bracketMatching, type LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { COLORS, LOOK } from "./look.ts";
import type { Mistake } from "./plan_text.ts";

/** What an editor is made for. */
export interface EditorWishes {
  readonly parent: HTMLElement;
  readonly language?: LanguageSupport;
  readonly complete?: CompletionSource;
  /** What it is called, to those who do not see it, and the id of what describes it. */
  readonly label: string;
  readonly describedBy: string;
  /** Hears of what a person typed, not of what was shown. */
  onType(text: string): void;
  /** Is asked where the editor itself has nothing to take back or to do again. */
  onUndo(): void;
  onRedo(): void;
}

/** A text that a person edits. */
export interface CodeEditor {
  /** Shows another text; where it is as before, so is the cursor. */
  show(text: string): void;
  mark(mistakes: readonly Mistake[]): void;
  /** Puts the cursor at a mistake. */
  goTo(mistake: Mistake): void;
  destroy(): void;
}

const isShown = Annotation.define<boolean>();

export function makeEditor(wishes: EditorWishes): CodeEditor {
  const past = new Compartment();
  const view = new EditorView({
    parent: wishes.parent,
    state: EditorState.create({ extensions: [past.of(history()), extensionsFor(wishes)] }),
  });
  return {
    show(text) {
      const changes = difference(view.state.doc.toString(), text);
      if (!changes) return;
      view.dispatch({ changes, annotations: isShown.of(true) });
      // What was typed before belongs to a text that is no more.
      view.dispatch({ effects: past.reconfigure([]) });
      view.dispatch({ effects: past.reconfigure(history()) });
    },
    mark(mistakes) {
      const { length } = view.state.doc;
      const diagnostics = mistakes.map(({ from, to, message }) => ({
        from: Math.min(from, length),
        to: Math.min(to, length),
        message,
        severity: "error" as const,
      }));
      diagnostics.sort((a, b) => a.from - b.from);
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo({ from, to }) {
      const { length } = view.state.doc;
      view.dispatch({
        selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
        scrollIntoView: true,
      });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

function extensionsFor(wishes: EditorWishes): Extension[] {
  const { language, complete, label, describedBy } = wishes;
  return [
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(complete ? { override: [complete], icons: false } : { override: [] }),
    // Tab is not taken: it goes on to what comes next on the page.
    keymap.of([
      ...undoKeys(wishes),
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy }),
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      const isTyped = !transactions.some((transaction) => transaction.annotation(isShown));
      if (docChanged && isTyped) wishes.onType(state.doc.toString());
    }),
    LOOK,
    syntaxHighlighting(COLORS),
    ...(language ? [language] : []),
  ];
}

/** Takes back what was typed here, then what was done before elsewhere. */
function undoKeys({ onUndo, onRedo }: EditorWishes) {
  const back = (view: EditorView) => {
    if (!undo(view)) onUndo();
    return true;
  };
  const again = (view: EditorView) => {
    if (!redo(view)) onRedo();
    return true;
  };
  return [
    { key: "Mod-z", run: back, preventDefault: true, stopPropagation: true },
    { key: "Mod-y", run: again, preventDefault: true, stopPropagation: true },
    { key: "Mod-Shift-z", run: again, preventDefault: true, stopPropagation: true },
  ];
}

/** What must change to make one text of another: all between what they begin and end with alike. */
function difference(before: string, after: string) {
  if (before === after) return undefined;
  let from = 0;
  while (from < before.length && before[from] === after[from]) from++;
  let same = 0;
  const most = Math.min(before.length, after.length) - from;
  while (same < most && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}
