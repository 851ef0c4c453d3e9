import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Application, Converter, PageEvent, TSConfigReader } from "typedoc";
import { DOCS, ROOT } from "../folders.ts";
import { REPOSITORY } from "../repository.ts";
import { ReferenceTheme } from "./theme.ts";
import { tidy } from "./tidy.ts";

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
      sort: ["required-first", "source-order"],
      out: join(DOCS, "api"),
      theme: "reference",
      ...MARKDOWN,
    },
    [new TSConfigReader()],
  );
  app.renderer.defineTheme("reference", ReferenceTheme);
  app.renderer.on(PageEvent.END, linkGuides);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, tidy);
  const project = await app.convert();
  if (!project) throw new Error("the reference could not be read from the sources");
  app.validate(project);
  await app.generateOutputs(project);
  const { errorCount, warningCount } = app.logger;
  if (errorCount + warningCount > 0) {
    throw new Error(`the reference has ${errorCount} errors and ${warningCount} warnings`);
  }
}

/** Lets the guides that docstrings mention by their file be links to them. */
function linkGuides(page: PageEvent): void {
  const up = "../".repeat(page.url.split("/").length);
  page.contents = page.contents?.replace(
    /\bdocs\/([\w-]+\.md)\b/g,
    (_, file: string) => `[${titleOf(file)}](${up}${file})`,
  );
}

function titleOf(guide: string): string {
  const [, title = guide] = /^# (.*)$/m.exec(readFileSync(join(DOCS, guide), "utf8")) ?? [];
  return title;
}

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
    // Type parameters are for the page's text.
    member: ({ name }: { name: string }) => name.replace(/\\<.*$/s, ""),
  },
};
