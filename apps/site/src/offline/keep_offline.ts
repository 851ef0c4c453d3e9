/**
 * Lets the service worker keep the site, and this page with it, for when there is no network; once the
 * page itself is there.
 */
export function keepOffline(base: string): void {
  if (!("serviceWorker" in navigator)) return;
  if (document.readyState === "complete") void register(base);
  else addEventListener("load", () => register(base), { once: true });
}

async function register(base: string): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker.controller) {
    serviceWorker.addEventListener("controllerchange", keepThisPage, { once: true });
  }
  try {
    await serviceWorker.register(`${base}service-worker.js`, { scope: base });
  } catch {
    // Where a browser lets no worker be, the site needs a network and is the same otherwise.
  }
}

/** What was loaded before the worker was there passes it once more. */
async function keepThisPage(): Promise<void> {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const own = loaded.filter((url) => url.startsWith(location.origin));
  const addresses = new Set([location.href.replace(/#.*$/, ""), ...own]);
  await Promise.allSettled([...addresses].map((address) => fetch(address)));
}
