import { defineConfig } from "vitepress";
import { DOCS } from "../scripts/folders.ts";
import { previewOf } from "../scripts/previews.ts";
import { REPOSITORY } from "../scripts/repository.ts";
import { drawBenchmarks } from "./config/benchmark_charts.ts";
import { descriptionOf } from "./config/description.ts";
import { showLive } from "./config/live_schedulers.ts";
import { linkOutside } from "./config/outside_links.ts";
import { referenceSidebar } from "./config/reference_sidebar.ts";
import { sourceFileOf } from "./config/source_file.ts";
import { linkToStudio } from "./config/studio_links.ts";

const conditions = ["@torch-optim/source"];
const TITLE = "torch-optim";
const DESCRIPTION =
  "PyTorch's torch.optim for TypeScript: learning-rate schedules that are right, in the browser and in Node.js.";

/** Where a project's pages live on the common code host: under its name. */
const base = process.env.SITE_BASE ?? "/";
/** Where the site is published, as "https://…", for what other sites show of it. */
const origin = process.env.SITE_ORIGIN ?? "";

const GUIDES = [
  { text: "Phases and milestones", link: "/phases" },
  { text: "Recipes", link: "/recipes" },
  { text: "Resuming", link: "/resuming" },
  { text: "Checkpoints", link: "/checkpoints" },
  { text: "With Python", link: "/python" },
  { text: "More than one", link: "/many" },
  { text: "Schedules as data", link: "/specs" },
  { text: "Optimizers", link: "/optimizers" },
  { text: "With TensorFlow.js", link: "/tensorflow" },
  { text: "With jax-js", link: "/jax" },
  { text: "On the GPU", link: "/webgpu" },
  { text: "With anything else", link: "/frameworks" },
  { text: "From PyTorch", link: "/from-pytorch" },
  { text: "Errors", link: "/errors" },
  { text: "A scheduler of your own", link: "/your-own-scheduler" },
  { text: "An optimizer of your own", link: "/own-optimizer" },
  { text: "The command line", link: "/command-line" },
  { text: "A curve on your page", link: "/torch-curve" },
];

const SHOWN = [
  { text: "Gallery", link: "/gallery" },
  { text: "Schedules of known systems", link: "/presets" },
  { text: "Benchmarks", link: "/benchmarks" },
  { text: "Versions and changes", link: "/changes" },
];

/** The page of a class comes before the places that speak of it. It is sent to the browser as text. */
const boostDocument = (id: string) => (id.includes("/classes/") ? 2 : 1);

export default defineConfig({
  title: TITLE,
  description: DESCRIPTION,
  lang: "en",
  base,
  srcDir: DOCS,
  cleanUrls: true,
  ...(origin && { sitemap: { hostname: origin + base } }),
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(md) {
      linkOutside(md);
      showLive(md);
      linkToStudio(md);
      drawBenchmarks(md);
    },
  },
  transformPageData(page) {
    page.description ||= descriptionOf(page, DESCRIPTION);
    const source = sourceFileOf(page.relativePath);
    // By this the link to edit the page finds what the page is made of.
    page.filePath = source ?? page.filePath;
    if (source === undefined) page.frontmatter.editLink = false;
  },
  transformHead: ({ pageData, title }) => [
    ["meta", { property: "og:title", content: title }],
    ["meta", { property: "og:description", content: pageData.description }],
    ["meta", { property: "og:type", content: "website" }],
    ["meta", { property: "og:image", content: origin + base + previewOf(pageData.relativePath) }],
    ["meta", { name: "twitter:card", content: "summary_large_image" }],
  ],
  themeConfig: {
    logo: "/icon.svg",
    nav: [
      {
        text: "Guides",
        link: "/phases",
        activeMatch: `^/(${GUIDES.map(({ link }) => link.slice(1)).join("|")})`,
      },
      { text: "Reference", link: "/api/", activeMatch: "^/api/" },
      { text: "Gallery", link: "/gallery", activeMatch: "^/(gallery|presets)" },
      { text: "Benchmarks", link: "/benchmarks" },
      { text: "Studio", link: "/studio" },
    ],
    sidebar: {
      "/api/": referenceSidebar(),
      "/": [
        { text: "Guides", items: GUIDES },
        { text: "To look at", items: SHOWN },
        { text: "Reference", link: "/api/" },
      ],
    },
    search: { provider: "local", options: { miniSearch: { searchOptions: { boostDocument } } } },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path`, text: "Edit this page" },
    outline: { level: [2, 3] },
  },
  vite: {
    publicDir: new URL("../public", import.meta.url).pathname,
    worker: { format: "es" },
    build: { target: "es2022", chunkSizeWarningLimit: 1500 },
    resolve: { conditions },
    ssr: { noExternal: ["torch-optim", "torch-optim-cli"], resolve: { conditions } },
  },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "torch-curve" } } },
});
