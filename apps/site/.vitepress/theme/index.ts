import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { defineAsyncComponent } from "vue";
import { keepOffline } from "../../src/offline/keep_offline.ts";
import SiteLayout from "./SiteLayout.vue";
import StartLayout from "./StartLayout.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  Layout: SiteLayout,
  enhanceApp({ app }) {
    if (!import.meta.env.SSR) {
      if (import.meta.env.PROD) keepOffline(import.meta.env.BASE_URL);
      // Where no JavaScript runs, pages are read without their curves.
      void import("../../src/element/register.ts").then(({ registerTorchCurve }) =>
        registerTorchCurve(),
      );
    }
    // The layout that the start page asks for.
    app.component("start", StartLayout);
    app.component(
      "HomeCode",
      defineAsyncComponent(() => import("../../src/home/HomeCode.vue")),
    );
    app.component(
      "HomeInstead",
      defineAsyncComponent(() => import("../../src/home/HomeInstead.vue")),
    );
    app.component(
      "LiveScheduler",
      defineAsyncComponent(() => import("../../src/reference/LiveScheduler.vue")),
    );
    app.component(
      "ScheduleStudio",
      defineAsyncComponent(() => import("../../src/studio/ScheduleStudio.vue")),
    );
  },
} satisfies Theme;
