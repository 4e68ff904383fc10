// Pages that open without signal: each asks the worker to keep it, and says so when it is shown from what was kept.
// Nothing is kept for whoever signed out: the page to sign in forgets all of it.
const OFTEN = 20 * 60_000; // milliseconds between two times that the same page has everything kept anew

// The cookie is newer than what stands in a page that was kept.
export function csrfToken(): string {
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return cookie ?? document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
}

export function keptOn(): Date | null {
  const at = document.documentElement.dataset.keptOn;
  return at ? new Date(at) : null;
}

// A day in a form that was kept on another day is moved on by as many days.
export function moveToToday(form: HTMLFormElement | null, name: string): void {
  const [field, at] = [form?.elements.namedItem(name), keptOn()];
  if (!(field instanceof HTMLInputElement) || !field.valueAsDate || !at) return;
  const midnight = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const days = Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
  if (days > 0) field.valueAsDate = new Date(field.valueAsDate.getTime() + days * 86_400_000);
}

export async function forgetPages(): Promise<void> {
  if (!window.caches) return;
  for (const name of await caches.keys()) if (name.startsWith("kawasan-pages")) await caches.delete(name);
}

// ``isWhole``: these are all pages of the reader's mentoring; others that were kept earlier are forgotten.
export async function keepPages(pages: string[], isWhole = false): Promise<void> {
  showWhetherKept();
  if (!("serviceWorker" in navigator) || keptOn()) return;
  const place = `kawasan-kept ${location.pathname}`;
  if (Date.now() - Number(sessionStorage.getItem(place)) < OFTEN) return;
  try {
    await navigator.serviceWorker.register("/offline.js", { scope: "/p/" });
    const { active } = await navigator.serviceWorker.ready;
    const used = performance.getEntriesByType("resource").map((one) => one.name);
    const assets = used.filter((address) => address.startsWith(`${location.origin}/static/`));
    active?.postMessage({ pages, assets, isWhole });
    sessionStorage.setItem(place, String(Date.now()));
  } catch {
    // a browser that allows no worker shows pages with signal only
  }
}

function showWhetherKept(): void {
  const at = keptOn();
  const said = document.querySelector<HTMLElement>("[data-offline]");
  if (!at || !said) return;
  said.hidden = false;
  window.addEventListener("online", () => said.toggleAttribute("hidden", true));
  window.addEventListener("offline", () => said.toggleAttribute("hidden", false));
  const words = at.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  said.append(` ${words}.`);
}
