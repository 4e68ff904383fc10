// Keeps pages that are worked with where there is no signal: a mentor's day without reasons and telephone numbers, the
// logbook's forms, the scanner, an owner's cash book, and what they are made with. The network comes first; what is kept
// is shown without it.
// VERSION is written before this by the server: a hash of all assets.
declare const VERSION: string;

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Asked extends Lasting {
  data: { pages: string[]; assets: string[]; isWhole: boolean };
}
const worker = self as unknown as {
  addEventListener(name: string, listener: (event: never) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
};

const ASSETS = `kawasan-assets-${VERSION}`;
const PAGES = "kawasan-pages";
const ANY = { ignoreVary: true }; // what is kept was asked for by the worker, with other headers
const PATIENCE = 8000; // milliseconds; a network that is there and does not answer is none
const KEPT =
  /\/(?:enterprises\/[^/]+\/cash-book\/|mentoring\/(?:today\/|groups\/[^/]+\/log\/)?|training\/sessions\/[^/]+\/scan\/)$/;
const MENTORING = /\/mentoring\/(?:today\/)?$/;

// Under which address a page is kept: of a mentor's pages without signal, the day in short.
function placeOf(url: URL): string {
  return MENTORING.test(url.pathname)
    ? url.pathname.replace(/(?:today\/)?$/, "today/?kept=1")
    : url.pathname + url.search;
}

async function keepPages(asked: Asked["data"]): Promise<void> {
  const [pages, assets] = [await caches.open(PAGES), await caches.open(ASSETS)];
  for (const address of asked.assets)
    if (!(await assets.match(address, ANY))) await assets.add(address).catch(() => undefined);
  for (const address of asked.pages) {
    const answer = await fetch(address).catch(() => null);
    if (!answer) return; // no network any more
    if (answer.ok && !answer.redirected) await pages.put(address, answer);
    else await pages.delete(address);
  }
  if (!asked.isWhole) return;
  const wanted = new Set(asked.pages.map((address) => new URL(address, location.href).href));
  const own = asked.pages[0]?.split("/mentoring/")[0];
  for (const request of await pages.keys()) {
    const isOld = request.url.includes(`${own}/mentoring/`) && !wanted.has(request.url);
    if (isOld) await pages.delete(request);
  }
}

async function kept(url: URL): Promise<Response | undefined> {
  const pages = await caches.open(PAGES);
  const place = placeOf(url);
  const found = (await pages.match(place, ANY)) ?? (await pages.match(place, { ...ANY, ignoreSearch: true }));
  if (!found) return undefined;
  const at = found.headers.get("Date") ?? "";
  const text = (await found.text()).replace("<html ", `<html data-kept-on="${at}" `);
  return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function shown(request: Request, url: URL): Promise<Response> {
  const network = fetch(request);
  const late = new Promise<never>((_done, fail) => setTimeout(fail, PATIENCE, new Error("late")));
  try {
    const answer = await Promise.race([network, late]);
    if (answer.type === "opaqueredirect") await caches.delete(PAGES); // to the sign-in: somebody else may come
    return answer;
  } catch {
    return (await kept(url)) ?? network;
  }
}

async function asset(request: Request): Promise<Response> {
  const found = await caches.match(request, ANY);
  return found ?? fetch(request);
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event: Lasting) => {
  const old = caches
    .keys()
    .then((names) =>
      Promise.all(
        names
          .filter((name) => name.startsWith("kawasan-assets-") && name !== ASSETS)
          .map((name) => caches.delete(name)),
      ),
    );
  event.waitUntil(Promise.all([old, worker.clients.claim()]));
});
worker.addEventListener("message", (event: Asked) => event.waitUntil(keepPages(event.data)));
worker.addEventListener("fetch", (event: Fetching) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (request.mode === "navigate" && KEPT.test(url.pathname)) event.respondWith(shown(request, url));
});
