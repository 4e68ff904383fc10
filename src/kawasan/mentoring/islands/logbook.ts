// What a mentor types is kept in the browser until the server has it: without signal, and when the page is closed.
// Of each form there is one draft, and a queue of what was sent by its writer and is not stored yet. An entry that is
// sent twice is stored once. Without this the form is sent as any other.
import { csrfToken, keepPages, keptOn, moveToToday } from "../../../../assets/offline";

const DATABASE = "kawasan-logbook";
const TABLE = "entries";
const OPENED = "kawasan-logbook-opened"; // which refused entry this tab shows
const MOST_PAGES = 40; // that a telephone keeps of a mentor's work
const REST = 400; // milliseconds without a key stroke
const TRY_AGAIN = 15_000; // milliseconds until entries that could not be sent are tried again
const DOUBLE = 1000; // milliseconds in which a second click means the first

type Typed = HTMLInputElement | HTMLTextAreaElement;

interface Kept {
  key: string; // who types, at which address, and when it was sent by its writer
  title: string;
  fields: [string, string][];
  files: [string, File][];
  isWaiting: boolean; // to be sent, and not stored yet
  trouble?: "refused" | "signedOut"; // why it was not stored
  replaces?: string; // the refused entry that a draft puts right
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
const addressOf = (entry: Kept) => entry.key.split(" ")[1] ?? "";
const isDraft = (entry: Kept) => !entry.isWaiting && !entry.trouble;
const ownOf = async (user: string) => (await all()).filter((entry) => entry.key.startsWith(`${user} `));

function read(form: HTMLFormElement, key: string, pressed?: HTMLElement | null): Kept {
  const fields: [string, string][] = [];
  const files: [string, File][] = [];
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) {
      if (value.size) files.push([name, value]);
    } else if (name !== "csrfmiddlewaretoken") fields.push([name, value]);
  }
  if (pressed instanceof HTMLButtonElement && pressed.name) fields.push([pressed.name, pressed.value]);
  const when = ["visited_on", "starts_at"].map((name) => typedIn(form, name)).join(" ");
  const title = `${document.querySelector("h1")?.textContent ?? ""}, ${when}`;
  return { key, title, fields, files, isWaiting: false };
}

function fill(form: HTMLFormElement, entry: Kept): void {
  const typed = new Map<string, string[]>();
  for (const [name, value] of entry.fields) typed.set(name, [...(typed.get(name) ?? []), value]);
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && element.type === "checkbox") {
      element.checked = typed.get(element.name)?.includes(element.value) ?? false;
    } else if (
      (element instanceof HTMLInputElement && element.type !== "file") ||
      element instanceof HTMLTextAreaElement ||
      element instanceof HTMLSelectElement
    ) {
      if (typed.has(element.name)) element.value = typed.get(element.name)?.[0] ?? "";
    }
  }
  fillFiles(form, entry);
}

function fillFiles(form: HTMLFormElement, entry: Kept): void {
  for (const element of form.querySelectorAll<HTMLInputElement>("input[type=file]")) {
    const chosen = new DataTransfer();
    for (const [name, file] of entry.files) if (name === element.name) chosen.items.add(file);
    element.files = chosen.files;
  }
}

// Where it led to, or why it is not stored; an error where it is to be sent again: no network, or no server.
async function send(entry: Kept): Promise<{ ledTo?: string; trouble?: Kept["trouble"] }> {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  for (const [name, file] of entry.files) body.append(name, file);
  body.append("csrfmiddlewaretoken", csrfToken());
  const answer = await fetch(addressOf(entry), { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status >= 500) throw new Error("Not now; the entry stays here.");
  if (answer.status === 201) return { ledTo: (await answer.json()).led_to };
  if (answer.status === 403 || new URL(answer.url).pathname.endsWith("/sign-in/")) return { trouble: "signedOut" };
  return answer.redirected && answer.ok ? { ledTo: answer.url } : { trouble: "refused" }; // or stored before
}

// Sends one; whether it was stored, and where that led to.
async function sendOne(entry: Kept): Promise<string | null> {
  const { ledTo, trouble } = await send(entry);
  if (ledTo) await forget(entry.key);
  else await keep({ ...entry, isWaiting: trouble !== "refused", trouble });
  return ledTo ?? null;
}

let isSending = false; // a second try while the first is on its way sends nothing
async function sendWaiting(user: string): Promise<Map<string, string>> {
  const stored = new Map<string, string>();
  if (isSending) return stored;
  isSending = true;
  try {
    for (const entry of await ownOf(user)) {
      const ledTo = entry.isWaiting ? await sendOne(entry) : null;
      if (ledTo) stored.set(entry.key, ledTo);
    }
  } catch {
    // not now: the entries stay here, and are sent later
  } finally {
    isSending = false;
  }
  return stored;
}

// Sent as a page of its own, so that the server says what is to be put right; it stays here until it is stored.
async function sendAsPage(entry: Kept): Promise<void> {
  const form = Object.assign(document.createElement("form"), {
    method: "post",
    action: addressOf(entry),
    hidden: true,
  });
  form.enctype = "multipart/form-data";
  for (const [name, value] of [...entry.fields, ["csrfmiddlewaretoken", csrfToken()]]) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  for (const name of new Set(entry.files.map(([name]) => name))) {
    form.append(Object.assign(document.createElement("input"), { type: "file", name, multiple: true }));
  }
  fillFiles(form, entry);
  await keep({ ...entry, isWaiting: true, trouble: undefined });
  sessionStorage.setItem(OPENED, entry.key);
  document.body.append(form);
  form.submit();
}

function button(text: string, className: string, act: () => void): HTMLButtonElement {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, className });
  made.addEventListener("click", act);
  return made;
}

function lineOf(entry: Kept, words: DOMStringMap, again: () => void): HTMLElement {
  const item = Object.assign(document.createElement("li"), { className: "d-flex flex-wrap gap-2 mb-1" });
  const said = (isDraft(entry) ? words.draft : words[entry.trouble ?? "wait"]) ?? "";
  const text = Object.assign(document.createElement("span"), { className: "flex-fill" });
  if (isDraft(entry)) {
    text.append(Object.assign(document.createElement("a"), { href: addressOf(entry), textContent: entry.title }));
    text.append(` – ${said}`);
  } else text.append(`${entry.title} – ${said}`);
  item.append(text);
  if (entry.trouble === "refused") item.append(button(words.open ?? "", "btn btn-sm", () => sendAsPage(entry)));
  if (entry.trouble === "signedOut") {
    const href = words.signIn ?? "";
    item.append(
      Object.assign(document.createElement("a"), { href, className: "btn btn-sm", textContent: words.signInWord }),
    );
  }
  const discard = async () => {
    if (!confirm(`${entry.title}: ${words.ask}`)) return;
    await forget(entry.key);
    again();
  };
  item.append(button(words.discard ?? "", "btn btn-sm btn-ghost-danger", discard));
  return item;
}

// What a phone can say by itself of what was typed, in the server's words; the rest is said when it was sent.
function faultsOf(form: HTMLFormElement, pressed: HTMLElement | null): [Typed, string][] {
  const isForLater = pressed instanceof HTMLButtonElement && pressed.name === "keep";
  const found: [Typed, string][] = [];
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
    const { needed, after, else: otherwise } = field.dataset;
    if (needed && !isForLater && !field.value.trim()) found.push([field, needed]);
    if (after && field.value && field.value <= typedIn(form, after)) found.push([field, otherwise ?? ""]);
  }
  return found;
}

function showFaults(form: HTMLFormElement, faults: [Typed, string][]): void {
  for (const field of form.querySelectorAll<Typed>("[data-needed], [data-after]")) {
    field.closest(".mb-3")?.querySelector(".invalid-feedback")?.remove();
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
  }
  for (const [field, said] of faults) {
    const text = Object.assign(document.createElement("div"), { textContent: said, id: `${field.id}_error` });
    text.className = "invalid-feedback d-block";
    field.closest(".mb-3")?.append(text);
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", text.id);
  }
  faults[0]?.[0].focus();
}

// What is kept; without drafts on a form, which has its own filled in already.
async function list(
  user: string,
  only?: { address: string; not: string | null },
  discarded: () => void = () => list(user, only),
): Promise<void> {
  const place = document.querySelector<HTMLElement>("[data-kept-list]");
  const isShown = (entry: Kept) =>
    !only || (!isDraft(entry) && addressOf(entry) === only.address && entry.key !== only.not);
  const shown = (await ownOf(user)).filter(isShown);
  document.querySelector("[data-kept]")?.toggleAttribute("hidden", !shown.length);
  place?.replaceChildren(...shown.map((entry) => lineOf(entry, place.dataset, discarded)));
}

async function watchList(user: string): Promise<void> {
  const again = async () => {
    if ((await sendWaiting(user)).size) location.reload();
    else await list(user);
  };
  window.addEventListener("online", again);
  setInterval(async () => (await ownOf(user)).some((entry) => entry.isWaiting) && again(), TRY_AGAIN);
  await again();
}

function show(form: HTMLFormElement, mark: string, isShown: boolean): void {
  form.querySelector(`[data-${mark}]`)?.toggleAttribute("hidden", !isShown);
}

function typedIn(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement ? field.value : "";
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
  const [user = "", address = ""] = key.split(" ");
  const usual = read(form, key);
  const isAnswered = "isAnswered" in form.dataset;
  const kept = isAnswered ? undefined : await found(key);
  let opened = isAnswered ? sessionStorage.getItem(OPENED) : (kept?.replaces ?? null);
  if (kept) {
    fill(form, kept);
    show(form, "restored", true);
  } else if (isAnswered) {
    const answered = opened ? await found(opened) : undefined;
    if (answered && addressOf(answered) === address) {
      fillFiles(form, answered);
      await keep({ ...answered, isWaiting: false, trouble: "refused" });
    } else opened = null;
  } else if (keptOn()) renew(form);
  sessionStorage.removeItem(OPENED);
  let [rest, isTouched, sentAt, last] = [0, Boolean(kept) || isAnswered, Number.NEGATIVE_INFINITY, ""];
  const keepDraft = () => keep({ ...read(form, key), replaces: opened ?? undefined });
  const showWaiting = async () => {
    const now = last ? await found(last) : undefined;
    show(form, "waiting", Boolean(now?.isWaiting && !now.trouble));
    return Boolean(now);
  };
  const listAgain = () => list(user, { address, not: opened }, discarded);
  const discarded = async () => {
    if (!(await showWaiting())) last = "";
    await listAgain();
  };
  const again = async () => {
    const stored = await sendWaiting(user);
    const ledTo = stored.get(last);
    if (ledTo && !isTouched) return location.assign(ledTo); // where it is said
    await listAgain();
    const isThere = await showWaiting();
    if (stored.size || (last && !isThere)) show(form, "sent", true); // by this page, or another one
    if (!isThere) last = "";
  };
  form.addEventListener("input", () => {
    clearTimeout(rest);
    isTouched = true;
    rest = window.setTimeout(keepDraft, REST);
  });
  window.addEventListener("pagehide", () => {
    if (rest) keepDraft();
  });
  form.querySelector("[data-discard]")?.addEventListener("click", async () => {
    rest = 0;
    await forget(key);
    location.replace(location.href);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending || event.timeStamp - sentAt < DOUBLE) return;
    sentAt = event.timeStamp;
    clearTimeout(rest);
    rest = 0;
    show(form, "sent", false);
    const faults = faultsOf(form, event.submitter);
    showFaults(form, faults);
    if (faults.length) return void keepDraft();
    const entry = { ...read(form, opened ?? `${key} ${Date.now()}`, event.submitter), isWaiting: true };
    try {
      await keep(entry);
    } catch {
      return sendWithoutKeeping(form, event.submitter); // a browser that keeps nothing sends all the same
    }
    await forget(key);
    const ledTo = (await sendWaiting(user)).get(entry.key);
    if (ledTo) return location.assign(ledTo);
    const now = await found(entry.key);
    if (now?.trouble === "refused") return sendAsPage(now);
    [last, opened, isTouched] = [entry.key, null, false];
    if (isAnswered) return location.assign(address);
    fill(form, usual); // as it was opened, for another visit
    show(form, "restored", false);
    renew(form);
    await showWaiting();
    await listAgain();
    document.querySelector("[data-kept]")?.scrollIntoView();
  });
  window.addEventListener("online", again);
  setInterval(async () => (last || (await ownOf(user)).some((entry) => entry.isWaiting)) && again(), TRY_AGAIN);
  await again();
}

function sendWithoutKeeping(form: HTMLFormElement, pressed: HTMLElement | null): void {
  setValue(form, "csrfmiddlewaretoken", csrfToken());
  if (pressed instanceof HTMLButtonElement && pressed.name) {
    form.append(
      Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }),
    );
  }
  form.submit();
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
