import {
  type Comment,
  type DeclarationReflection,
  type ProjectReflection,
  ReferenceType,
  type Reflection,
  ReflectionKind,
  type SignatureReflection,
  type SomeType,
} from "typedoc";
import {
  type MarkdownPageEvent,
  MarkdownTheme,
  MarkdownThemeContext,
} from "typedoc-plugin-markdown";
import type { Field, FieldTable } from "../../../../packages/torch-optim/src/fields.ts";
import * as optim from "../../../../packages/torch-optim/src/optim/index.ts";
import { LAST_EPOCH } from "../../../../packages/torch-optim/src/optim/lr_scheduler/scheduler_state.ts";
import type { OptionTable } from "../../../../packages/torch-optim/src/option_table.ts";
import { code, table } from "./markdown.ts";

/** How the pages of the reference are laid out: as PyTorch's readers know them. */
export class ReferenceTheme extends MarkdownTheme {
  override getRenderContext(page: MarkdownPageEvent<Reflection>): MarkdownThemeContext {
    return new ReferenceContext(this, page, this.application.options);
  }
}

/** What in the words for a default is the value itself. */
const VALUE = /^(-?[\d.e+-]+\d|\d|true|false|null|\[.*\]|".*")/;
const HIDDEN_TAGS = new Set(["@returns", "@param"]);

class ReferenceContext extends MarkdownThemeContext {
  constructor(...args: ConstructorParameters<typeof MarkdownThemeContext>) {
    super(...args);
    const { memberWithGroups } = this.partials;
    this.partials.memberWithGroups = (model, options) =>
      model.kind === ReflectionKind.Class
        ? this.#classPage(model)
        : memberWithGroups(model, options);
    this.partials.propertiesTable = (properties) => this.#properties(properties);
    this.partials.inheritance = () => "";
  }

  /** What a class is, how it is made, what can be done with it. */
  #classPage(model: DeclarationReflection): string {
    const children = model.children ?? [];
    const options = optionsOf(model).map(({ name }) => name);
    const own = children.filter((child) => rootOf(child) === child);
    const properties = own.filter((child) => isProperty(child) && !options.includes(child.name));
    return [
      ...this.#head(model),
      ...this.#section("Properties", properties, (list) => this.#properties(list)),
      ...this.#section("Methods", own.filter(isMethod), (list) =>
        this.partials.members(list, { headingLevel: 3 }),
      ),
      ...this.#inherited(children.filter((child) => rootOf(child) !== child)),
    ].join("\n\n");
  }

  #head(model: DeclarationReflection): string[] {
    const { comment, extendedTypes = [] } = model;
    const made = constructorOf(model);
    return [
      ...(made ? [this.#callOf(model, made)] : []),
      this.partials.sources(model),
      ...(comment ? [this.#text(comment)] : []),
      ...extendedTypes.map((type) => `Extends ${this.#base(model, type)}.`),
      ...this.#section("Parameters", made?.parameters ?? [], (list) =>
        this.partials.parametersTable([...list]),
      ),
      ...this.#section("Options", optionsOf(model), (list) => this.#options(model, list)),
      ...(comment ? this.#tags(comment) : []),
    ];
  }

  #options({ name, children }: DeclarationReflection, options: DeclarationReflection[]): string {
    const own = options.filter((option) => option.name !== "last_epoch");
    const shown = own.find((option) => children?.some((child) => child.name === option.name));
    const reading = `Each can be read as a property of the ${name}: \`scheduler.${shown?.name}\`.`;
    const fields: FieldTable<Record<string, unknown>> = {
      ...fieldsOf(name),
      last_epoch: LAST_EPOCH,
    };
    if (own.some((option) => !(option.name in fields))) return this.#properties(options);
    const rows = options.map((option): string[] => {
      const { [option.name]: field } = fields;
      const { text, fallback } = this.#parted(option);
      return [
        `\`${option.name}\``,
        field.expected,
        isInWords(fallback) ? fallback.replace(VALUE, "`$&`") : defaultOf(field),
        without(text, field.expected),
      ];
    });
    const described = table(["Option", "Must be", "Default", "Description"], rows);
    return [described, ...(shown ? [reading] : [])].join("\n\n");
  }

  /** What a class derives from, or the next above it that is exported. */
  #base({ children, project }: DeclarationReflection, type: SomeType): string {
    const base = schedulerBase(project);
    const isHidden = type instanceof ReferenceType && !type.reflection;
    return base && isHidden && children?.some(({ name }) => name === "lr_at")
      ? `[\`${base.name}\`](${this.urlTo(base)})`
      : this.partials.someType(type);
  }

  /** How an object of the class is made, with the name under which it is found. */
  #callOf(model: DeclarationReflection, made: SignatureReflection): string {
    const parameters = (made.parameters ?? []).map(
      ({ name, flags }) => `${name}${flags.isOptional ? "?" : ""}`,
    );
    const { isAbstract } = model.flags;
    const path = `${model.parent?.name}.${model.name}`;
    return code(`${isAbstract ? "abstract class" : "new"} ${path}(${parameters.join(", ")})`);
  }

  #text(comment: Comment): string {
    return this.partials.comment(comment, { headingLevel: 2, showTags: false });
  }

  #tags(comment: Comment): string[] {
    return comment.blockTags
      .filter(({ tag }) => !HIDDEN_TAGS.has(tag))
      .toReversed()
      .flatMap(({ tag, content }) => [
        `## ${tag === "@throws" ? "Errors" : "Example"}`,
        this.helpers.getCommentParts(content),
      ]);
  }

  #section<T>(title: string, items: readonly T[], show: (items: T[]) => string): string[] {
    return items.length === 0 ? [] : [`## ${title}`, show([...items])];
  }

  #properties(properties: readonly DeclarationReflection[]): string {
    const heads = ["Name", "Type", "Default", "Description"];
    return table(
      heads,
      properties.map((property) => {
        const { text, fallback } = this.#parted(property);
        const { name, flags } = property;
        const type = property.type ?? property.getSignature?.type;
        const anchor = this.router.hasUrl(property) ? this.router.getAnchor(property) : undefined;
        const mark = anchor && property.parent === this.page.model ? `<a id="${anchor}"></a> ` : "";
        return [
          `${mark}\`${name}${flags.isOptional ? "?" : ""}\``,
          type ? this.partials.someType(type) : "",
          fallback.replace(VALUE, "`$&`"),
          text,
        ];
      }),
    );
  }

  /** What is said of a property, and apart from it what it is if it is left out. */
  #parted(property: DeclarationReflection): { text: string; fallback: string } {
    const { flags, parent } = property;
    const comment = commentOf(property);
    const said = comment ? this.#text(comment) : "";
    if (!flags.isOptional) {
      return { text: said, fallback: parent?.name.endsWith("Options") ? "required" : "" };
    }
    const [whole, before = "", fallback = ""] =
      /^(.*?)[.;]?\s*\bdefault:? (.*?)\.(?=\s|$)/is.exec(said) ?? [];
    if (whole === undefined) return { text: said, fallback };
    return { text: `${before && `${before}.`}${said.slice(whole.length)}`, fallback };
  }

  /** What a class has of others: in a line each, with the way to where it is told in full. */
  #inherited(children: readonly DeclarationReflection[]): string[] {
    const shown = children.filter((child) => isProperty(child) || isMethod(child));
    const owners = new Set(shown.map((child) => rootOf(child).parent));
    return [...owners].flatMap((owner) => [
      `## From ${owner?.name}`,
      table(
        ["Name", "Description"],
        shown
          .filter((child) => rootOf(child).parent === owner)
          .map((child) => {
            const root = rootOf(child);
            const comment =
              root.comment ?? root.signatures?.[0]?.comment ?? root.getSignature?.comment;
            const name = `${child.name}${isMethod(child) && child.signatures ? "()" : ""}`;
            return [
              `[\`${name}\`](${this.urlTo(root)})`,
              comment ? (this.helpers.getDescriptionForComment(comment) ?? "") : "",
            ];
          }),
      ),
    ]);
  }
}

function constructorOf({ children }: DeclarationReflection): SignatureReflection | undefined {
  return children?.find(({ kind }) => kind === ReflectionKind.Constructor)?.signatures?.[0];
}

/** The options of a class, that which all schedulers have at the end. */
function optionsOf(model: DeclarationReflection): DeclarationReflection[] {
  const options = constructorOf(model)?.parameters?.find(({ name }) => name === "options");
  const { type } = options ?? {};
  const owner = type instanceof ReferenceType ? type.reflection : undefined;
  const { children = [] } = (owner ?? {}) as Partial<DeclarationReflection>;
  const last = ({ name }: DeclarationReflection) => Number(name === "last_epoch");
  return children.toSorted((a, b) => last(a) - last(b));
}

/** What the table of a class's options says of each of them. */
function fieldsOf(name: string): FieldTable<Record<string, unknown>> {
  const { [name]: found } = optim as Readonly<Record<string, unknown>>;
  const { option_table } = (found ?? {}) as { option_table?: OptionTable<Record<string, unknown>> };
  return option_table?.table ?? {};
}

function isInWords(fallback: string): boolean {
  return fallback.replace(VALUE, "") !== "" && fallback !== "required";
}

function defaultOf({ default: value }: Field<unknown>): string {
  return value === undefined ? "required" : `\`${JSON.stringify(value).replaceAll(",", ", ")}\``;
}

/** A text without what is said beside it already. */
function without(text: string, said: string): string {
  const [before, after] = text.split(new RegExp(`[,;:]? ${said.replace(/[^\w ]/g, "\\$&")}`));
  return after === undefined ? text : before + after;
}

function commentOf({ comment, getSignature }: DeclarationReflection): Comment | undefined {
  return comment ?? getSignature?.comment;
}

function isProperty({ kind }: DeclarationReflection): boolean {
  return kind === ReflectionKind.Property || kind === ReflectionKind.Accessor;
}

function isMethod({ kind }: DeclarationReflection): boolean {
  return kind === ReflectionKind.Method;
}

/** Where a member is declared; by a base that is not exported: where what it overrides is. */
function rootOf(member: DeclarationReflection): DeclarationReflection {
  const { inheritedFrom, name, flags, project } = member;
  if (!inheritedFrom) return member;
  const from =
    (inheritedFrom.reflection as DeclarationReflection | undefined) ??
    schedulerBase(project)?.children?.find(
      (child) => child.name === name && child.flags.isStatic === flags.isStatic,
    );
  return from ? rootOf(from) : member;
}

/** What every scheduler derives from, whatever may stand between. */
function schedulerBase(project: ProjectReflection): DeclarationReflection | undefined {
  const classes = project.getReflectionsByKind(ReflectionKind.Class);
  const base = classes.find(({ name }) => name === "LRScheduler");
  return base as DeclarationReflection | undefined;
}
