import type { CompletionSource } from "@codemirror/autocomplete";
import type { LanguageSupport } from "@codemirror/language";
import type { PlanText } from "./plan_text.ts";

/** A form of a plan that can be edited, as its editor needs it. */
export interface Form {
  readonly text: PlanText;
  readonly language?: LanguageSupport;
  readonly complete?: CompletionSource;
}

/** A form by its name; what it takes is loaded once it is looked at. */
export interface LazyForm {
  readonly name: string;
  /** What a button copies, as the end of a sentence. */
  readonly what: string;
  load(): Promise<Form>;
}

export const SHORT: LazyForm = {
  name: "Schedule",
  what: "the short form",
  async load() {
    const [{ SHORT_FORM }, { completeShortForm }] = await Promise.all([
      import("./short_form.ts"),
      import("./short_form_completion.ts"),
    ]);
    return { text: SHORT_FORM, complete: completeShortForm };
  },
};

export const PROGRAMS: readonly LazyForm[] = [
  {
    name: "TypeScript",
    what: "the TypeScript",
    async load() {
      const [{ TYPESCRIPT }, { javascript }] = await Promise.all([
        import("./typescript_text.ts"),
        import("@codemirror/lang-javascript"),
      ]);
      return { text: TYPESCRIPT, language: javascript({ typescript: true }) };
    },
  },
  {
    name: "Python",
    what: "the Python",
    async load() {
      const [{ PYTHON }, { python }] = await Promise.all([
        import("./python_text.ts"),
        import("@codemirror/lang-python"),
      ]);
      return { text: PYTHON, language: python() };
    },
  },
  {
    name: "JSON",
    what: "the JSON",
    async load() {
      const [{ JSON_TEXT }, { completeJson }, { json }] = await Promise.all([
        import("./json_text.ts"),
        import("./json_completion.ts"),
        import("@codemirror/lang-json"),
      ]);
      return { text: JSON_TEXT, language: json(), complete: completeJson };
    },
  },
];
