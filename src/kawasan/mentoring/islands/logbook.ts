// What a mentor types is kept in the browser until the server has it: without signal, and when the page is closed.
// Each form has a key, so that an entry that is sent twice is stored once. Without this the form is sent as any other.
import { csrfToken, keepPages, keptOn, moveToToday } from "../../../../assets/offline";

const DATABASE = "kawasan-logbook";
const TABLE = "entries";
const MOST_PAGES = 40; // that a telephone keeps of a mentor's work
const REST = 400; // milliseconds without a key stroke

interface Kept {
  key: string; // who types, and at which address
  title: string;
  fields: [string, string][];
  files: [string, File][];
  isWaiting: boolean; // was sent by its writer, and not stored yet
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run<T>(mode: IDBTransactionMode, ask: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, mode);
      const request = ask(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

const keep = (entry: Kept) => run("readwrite", (table) => table.put(entry));
const forget = (key: string) => run("readwrite", (table) => table.delete(key));
const found = (key: string) => run<Kept | undefined>("readonly", (table) => table.get(key));
const all = () => run<Kept[]>("readonly", (table) => table.getAll());
const addressOf = (entry: Kept) => entry.key.slice(entry.key.indexOf(" ") + 1);

function read(form: HTMLFormElement, isWaiting: boolean, pressed?: HTMLElement | null): Kept {
  const fields: [string, string][] = [];
  const files: [string, File][] = [];
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) {
      if (value.size) files.push([name, value]);
    } else if (name !== "csrfmiddlewaretoken") fields.push([name, value]);
  }
  if (pressed instanceof HTMLButtonElement && pressed.name) fields.push([pressed.name, pressed.value]);
  const title = document.querySelector("h1")?.textContent ?? "";
  return { key: form.dataset.draft ?? "", title, fields, files, isWaiting };
}

function fill(form: HTMLFormElement, entry: Kept): void {
  const typed = new Map<string, string[]>();
  for (const [name, value] of entry.fields) typed.set(name, [...(typed.get(name) ?? []), value]);
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && element.type === "file") {
      const chosen = new DataTransfer();
      for (const [name, file] of entry.files) if (name === element.name) chosen.items.add(file);
      element.files = chosen.files;
    } else if (element instanceof HTMLInputElement && element.type === "checkbox") {
      element.checked = typed.get(element.name)?.includes(element.value) ?? false;
    } else if (
      element instanceof HTMLInputElement ||
      element instanceof HTMLTextAreaElement ||
      element instanceof HTMLSelectElement
    ) {
      if (typed.has(element.name)) element.value = typed.get(element.name)?.[0] ?? "";
    }
  }
}

// Where it led to, nothing when the server wants something else, and an error without network.
async function send(entry: Kept): Promise<string | null> {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  for (const [name, file] of entry.files) body.append(name, file);
  body.append("csrfmiddlewaretoken", csrfToken());
  const answer = await fetch(addressOf(entry), { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status === 201) return (await answer.json()).led_to;
  const isSecond = answer.redirected && answer.ok && !new URL(answer.url).pathname.endsWith("/sign-in/");
  return isSecond ? answer.url : null; // stored before, its answer lost on the way
}

async function sendWaiting(user: string): Promise<void> {
  for (const entry of await all()) {
    if (!entry.isWaiting || !entry.key.startsWith(`${user} `)) continue;
    try {
      if ((await send(entry)) !== null) await forget(entry.key);
      else await keep({ ...entry, isWaiting: false }); // its page shows what is to be put right
    } catch {
      return; // no network yet
    }
  }
}

async function list(user: string): Promise<void> {
  const own = (await all()).filter((entry) => entry.key.startsWith(`${user} `));
  const place = document.querySelector<HTMLElement>("[data-kept-list]");
  document.querySelector("[data-kept]")?.toggleAttribute("hidden", !own.length);
  place?.replaceChildren(
    ...own.flatMap((entry) => {
      const link = document.createElement("a");
      link.href = addressOf(entry);
      link.textContent = entry.title;
      return [link, " "];
    }),
  );
}

async function watchList(user: string): Promise<void> {
  const again = async () => {
    const before = (await all()).length;
    await sendWaiting(user);
    if ((await all()).length < before) location.reload();
    else await list(user);
  };
  window.addEventListener("online", again);
  await again();
}

function show(form: HTMLFormElement, mark: string, isShown: boolean): void {
  form.querySelector(`[data-${mark}]`)?.toggleAttribute("hidden", !isShown);
}

function sendAsPage(form: HTMLFormElement): void {
  setValue(form, "csrfmiddlewaretoken", csrfToken());
  form.submit();
}

function setValue(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}

// A form that was kept on another day: it is for today, and another one than that which was sent from it before.
function renew(form: HTMLFormElement): void {
  setValue(form, "form_key", crypto.randomUUID());
  moveToToday(form, "visited_on");
}

async function watchForm(form: HTMLFormElement): Promise<void> {
  const key = form.dataset.draft ?? "";
  const kept = await found(key);
  let waiting: Kept | null = null;
  if (kept && !("isAnswered" in form.dataset)) {
    fill(form, kept);
    show(form, "restored", true);
    if (kept.isWaiting) waiting = kept;
  } else if (keptOn()) renew(form);
  let rest = 0;
  form.addEventListener("input", () => {
    clearTimeout(rest);
    waiting = null;
    rest = window.setTimeout(() => keep(read(form, false)), REST);
  });
  window.addEventListener("pagehide", () => {
    if (rest) keep(read(form, waiting !== null));
  });
  form.querySelector("[data-discard]")?.addEventListener("click", async () => {
    rest = 0;
    await forget(key);
    location.replace(location.href);
  });
  let isSending = false; // a second click while the first is on its way sends nothing
  const sendNow = async () => {
    if (!waiting || isSending) return;
    isSending = true;
    try {
      const ledTo = await send(waiting);
      rest = 0;
      if (ledTo === null) return sendAsPage(form); // so that the server's page says what is to be put right
      await forget(key);
      location.assign(ledTo);
    } catch {
      show(form, "waiting", true);
    } finally {
      isSending = false;
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(rest);
    waiting = read(form, true, event.submitter);
    rest = 1;
    await keep(waiting).catch(() => undefined); // a browser that keeps nothing sends all the same
    await sendNow();
  });
  window.addEventListener("online", sendNow);
  await sendNow();
}

function offerPlace(form: HTMLFormElement): void {
  if (!navigator.geolocation) return;
  show(form, "where", true);
  form.querySelector("[data-here]")?.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition((position) => {
      const { latitude, longitude } = position.coords;
      for (const [name, value] of Object.entries({ latitude, longitude })) {
        (form.elements.namedItem(name) as HTMLInputElement).value = value.toFixed(5);
      }
      show(form, "here-kept", true);
      form.dispatchEvent(new Event("input"));
    });
  });
}

// The day in short, and the form of everybody on this page.
function keepDay(): void {
  const forms = [...document.querySelectorAll<HTMLAnchorElement>("main a[href*='/log/']")].map((link) => link.href);
  const day = location.pathname.replace(/(?:today\/)?$/, "today/?kept=1");
  keepPages([day, ...new Set(forms)].slice(0, MOST_PAGES), true);
}

const form = document.querySelector<HTMLFormElement>("form[data-draft]");
if (form) {
  keepPages([location.pathname + location.search]);
  watchForm(form);
  offerPlace(form);
} else {
  const user = document.querySelector<HTMLMetaElement>("meta[name=kept-for]")?.content;
  if (user) {
    watchList(user);
    keepDay();
  }
}
