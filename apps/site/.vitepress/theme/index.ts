import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { defineAsyncComponent } from "vue";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component(
      "HomeCurve",
      defineAsyncComponent(() => import("../../src/home/HomeCurve.vue")),
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
