import { fileURLToPath } from "node:url";

/** The site's own folder, and where its build is. */
export const SITE = fileURLToPath(new URL("..", import.meta.url));
export const BUILT = `${SITE}.vitepress/dist`;
