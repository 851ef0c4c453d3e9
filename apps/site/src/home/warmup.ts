import { ref } from "vue";

/** How long the start page's schedule is, and its warm-up, which its curve and its code share. */
export const EPOCHS = 100;
export const warmup = ref(10);
