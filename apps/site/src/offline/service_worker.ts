// Keeps the site for when there is no network: what all pages share, the studio and the guides from the
// first visit on, and every other page from when it is opened. It has no imports, and stands in the
// built site as one file, in which the build has put the two constants below.

/** What is kept from the first visit on, as addresses within the site. */
declare const FILES: readonly string[];
/** Changes with every build that changes a file. */
declare const VERSION: string;

/** What this file needs of a service worker's events and globals. */
interface LifeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: LifeEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}

const worker = globalThis as unknown as Worker;
const NAME = "torch-optim";
const CACHE = `${NAME} ${VERSION}`;
const NOT_KEPT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>No network</title><body style="font-family: sans-serif; max-width: 36em; margin: 4em auto; padding: 0 1em"><main><h1>There is no network</h1><p>This page has not been opened before, so it is not kept here. <a href="./">The start page</a>, the guides and <a href="./studio">the studio</a> are.</p></main>`;

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { scope } = worker.registration;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  // The name of an asset changes with what is in it; all else may change under its name.
  const isAsset = request.url.startsWith(`${scope}assets/`);
  event.respondWith(isAsset ? keptOrFetched(request) : fetchedOrKept(request));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })));
}

/** Drops what older builds kept: no page of theirs is open any more. */
async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(`${NAME} `) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function keptOrFetched(request: Request): Promise<Response> {
  return (await kept(request)) ?? (await fetched(request));
}

async function fetchedOrKept(request: Request): Promise<Response> {
  try {
    return await fetched(request);
  } catch (error) {
    const found = await kept(request);
    if (found) return found;
    if (request.mode !== "navigate") throw error;
    const base = NOT_KEPT.replaceAll('href="./', `href="${worker.registration.scope}`);
    return new Response(base, { status: 503, headers: { "Content-Type": "text/html" } });
  }
}

async function fetched(request: Request): Promise<Response> {
  const response = await fetch(request);
  if (response.ok && !response.redirected) {
    const cache = await caches.open(CACHE);
    await cache.put(addressOf(request), response.clone());
  }
  return response;
}

async function kept(request: Request): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  return cache.match(addressOf(request));
}

/** The address of what is asked for: what follows a question mark asks for nothing else. */
function addressOf({ url }: Request): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/(index)?\.html$/, "");
}
