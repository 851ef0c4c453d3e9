import { join } from "node:path";
import {
  Application,
  type Context,
  Converter,
  type DeclarationReflection,
  IntersectionType,
  ReflectionFlag,
  ReflectionKind,
  type SignatureReflection,
  TSConfigReader,
} from "typedoc";
import { DOCS, ROOT } from "./folders.ts";
import { REPOSITORY } from "./repository.ts";

const LIBRARY = join(ROOT, "packages", "torch-optim", "src");
/** What can be imported, and with it what is documented. */
const ENTRY_POINTS = [
  // The first that exports something has its page.
  "optim/lr_scheduler/index.ts",
  "optim/index.ts",
  "optim/swa_utils/index.ts",
  "nn/utils/index.ts",
  "index.ts",
];

/**
 * Writes the reference, a page for every class, function and type of the library, made of their
 * docstrings.
 *
 * @throws Error if anything public is undocumented, or TypeDoc has another warning.
 */
export async function writeReference(): Promise<void> {
  const app = await Application.bootstrapWithPlugins(
    {
      plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme"],
      tsconfig: join(ROOT, "tsconfig.json"),
      entryPoints: ENTRY_POINTS.map((file) => join(LIBRARY, file)),
      basePath: ROOT,
      displayBasePath: LIBRARY,
      readme: "none",
      name: "Reference",
      disableGit: true,
      sourceLinkTemplate: `${REPOSITORY}/blob/main/packages/torch-optim/src/{path}#L{line}`,
      excludePrivate: true,
      excludeInternal: true,
      excludeExternals: true,
      skipErrorChecking: true,
      treatWarningsAsErrors: true,
      validation: { invalidLink: true, notDocumented: true, notExported: false },
      requiredToBeDocumented: [
        "Class",
        "Function",
        "Interface",
        "Method",
        "Property",
        "TypeAlias",
        "Variable",
      ],
      logLevel: "Warn",
      out: join(DOCS, "api"),
      ...MARKDOWN,
    },
    [new TSConfigReader()],
  );
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, describeOptions);
  const project = await app.convert();
  if (!project) throw new Error("the reference could not be read from the sources");
  app.validate(project);
  await app.generateOutputs(project);
  const { errorCount, warningCount } = app.logger;
  if (errorCount + warningCount > 0) {
    throw new Error(`the reference has ${errorCount} errors and ${warningCount} warnings`);
  }
}

const BASES = new Set(["LRScheduler", "CompositeScheduler", "Optimizer", "PerParameterOptimizer"]);
const FOR_BASES = new Set(["formula", "motion", "option_table", "state_table"]);

/** How the pages look. */
const MARKDOWN = {
  docsRoot: DOCS,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  expandParameters: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  indexFormat: "table",
  tableColumnSettings: {
    hideSources: true,
    hideOverrides: true,
    hideInherited: true,
    hideModifiers: true,
    hideDefaults: true,
  },
  pageTitleTemplates: {
    module: "{name}",
    member: "{name}",
  },
};

/**
 * Lets constructors say `options?` where they take the rest of their arguments, and the options that a
 * class shows as its properties say what its options' type says of them.
 */
function describeOptions(context: Context): void {
  const { project } = context;
  for (const signature of project.getReflectionsByKind(ReflectionKind.ConstructorSignature)) {
    nameOptions(signature as SignatureReflection);
  }
  for (const found of project.getReflectionsByKind(ReflectionKind.Class)) {
    const owner = found as DeclarationReflection;
    for (const hidden of owner.children?.filter(isOwnBusiness) ?? []) {
      project.removeReflection(hidden);
    }
    for (const property of owner.children ?? []) {
      if (property.kind !== ReflectionKind.Property || property.hasComment()) continue;
      const comment = optionOf(owner, property.name)?.comment;
      if (comment) property.comment = comment.clone();
    }
  }
}

/** What a class says to its base class alone: there it is documented. */
function isOwnBusiness({ name, parent, flags }: DeclarationReflection): boolean {
  return flags.isStatic && !BASES.has(parent?.name ?? "") && FOR_BASES.has(name);
}

/** The option of a class under a name, as the interface of its options has it. */
function optionOf(owner: DeclarationReflection, name: string): DeclarationReflection | undefined {
  const options = owner.project.getReflectionsByKind(ReflectionKind.Interface);
  const own = options.find((each) => each.name === `${owner.name}Options`);
  return (own as DeclarationReflection | undefined)?.children?.find((each) => each.name === name);
}

function nameOptions({ parameters = [] }: SignatureReflection): void {
  const last = parameters.at(-1);
  if (!last?.flags.isRest || last.type?.type !== "tuple") return;
  const [element] = last.type.elements;
  if (element?.type !== "namedTupleMember") return;
  last.name = element.name;
  last.setFlag(ReflectionFlag.Rest, false);
  last.setFlag(ReflectionFlag.Optional, element.isOptional);
  const { element: type } = element;
  // What every scheduler takes stands in the options of each.
  last.type = type instanceof IntersectionType ? type.types[0] : type;
}
