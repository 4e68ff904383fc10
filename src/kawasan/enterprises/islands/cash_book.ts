// A cash book without signal. Every line is kept on the phone until the server has it, and has a key of its own, so that
// it is stored once however often it is sent. Lines are only ever added, so that two phones never write over each other.
// A tile fills the form in. Without this the form is sent as any other.
import { csrfToken, keepPages, moveToToday } from "../../../../assets/offline";

const DATABASE = "kawasan-cash-book";
const TABLE = "lines";
const REST = 700; // milliseconds in which a further tap is the same one
const TRY_AGAIN = 15_000; // milliseconds until lines that could not be sent are tried again

interface Line {
  at: number; // when it was written, in milliseconds; the order in which lines are sent
  user: string;
  address: string;
  fields: [string, string][];
  files: [string, File][];
  said: string; // what it is, for whoever wrote it
  isRefused: boolean; // the server wants something else
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "at" });
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

const user = document.querySelector<HTMLMetaElement>("meta[name=kept-for]")?.content ?? "";
const place = document.querySelector<HTMLElement>("[data-kept]");
const list = document.querySelector<HTMLElement>("[data-kept-list]");
const keep = (line: Line) => run("readwrite", (table) => table.put(line));
const forget = (line: Line) => run("readwrite", (table) => table.delete(line.at));

async function kept(): Promise<Line[]> {
  const lines = await run<Line[]>("readonly", (table) => table.getAll());
  return lines.filter((line) => line.user === user);
}

function button(text: string, className: string, act: () => void): HTMLButtonElement {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, className });
  made.addEventListener("click", act);
  return made;
}

async function show(): Promise<void> {
  const lines = await kept();
  place?.toggleAttribute("hidden", !lines.length);
  const words = list?.dataset ?? {};
  list?.replaceChildren(
    ...lines.map((line) => {
      const item = Object.assign(document.createElement("li"), { className: "d-flex flex-wrap gap-2 mb-1" });
      const text = `${line.said} – ${line.isRefused ? words.refused : words.wait}`;
      item.append(Object.assign(document.createElement("span"), { textContent: text, className: "flex-fill" }));
      if (line.isRefused) item.append(button(words.open ?? "", "btn btn-sm", () => sendAsPage(line)));
      const discard = async () => {
        if (!window.confirm(`${line.said} – ${words.sure}`)) return;
        await forget(line);
        await show();
      };
      item.append(button(words.discard ?? "", "btn btn-sm btn-ghost-danger", discard));
      return item;
    }),
  );
}

// Sent as a page of its own, so that the server's answer shows what is to be put right; then it is the server's.
async function sendAsPage(line: Line): Promise<void> {
  try {
    await fetch(location.pathname, { method: "HEAD" });
  } catch {
    return; // no network: the line stays here
  }
  const form = Object.assign(document.createElement("form"), { method: "post", action: line.address, hidden: true });
  form.enctype = "multipart/form-data";
  for (const [name, value] of [...line.fields, ["csrfmiddlewaretoken", csrfToken()]]) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  for (const [name, file] of line.files) {
    const input = Object.assign(document.createElement("input"), { type: "file", name });
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
    form.append(input);
  }
  document.body.append(form);
  await forget(line);
  form.submit();
}

class SignedOut extends Error {}

// Whether the server has it; an error without network.
async function send(line: Line): Promise<boolean> {
  const body = new FormData();
  for (const [name, value] of line.fields) body.append(name, value);
  for (const [name, file] of line.files) body.append(name, file);
  body.append("csrfmiddlewaretoken", csrfToken());
  const answer = await fetch(line.address, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status === 403 || new URL(answer.url).pathname.endsWith("/sign-in/")) throw new SignedOut();
  if (answer.status >= 500) throw new Error("Not now; the line stays here.");
  return answer.status === 201 || (answer.redirected && answer.ok); // or stored before, its answer lost on the way
}

let isSending = false;
async function sendAll(): Promise<void> {
  if (isSending) return;
  isSending = true;
  let stored = 0;
  try {
    for (const line of await kept()) {
      if (line.isRefused) continue;
      if (await send(line)) {
        await forget(line);
        stored += 1;
      } else await keep({ ...line, isRefused: true });
    }
    place?.querySelector("[data-signed-out]")?.toggleAttribute("hidden", true);
  } catch (error) {
    // no network, or signed out: the lines stay here, and are sent later
    place?.querySelector("[data-signed-out]")?.toggleAttribute("hidden", !(error instanceof SignedOut));
  } finally {
    isSending = false;
  }
  if (stored && !isTyping()) location.replace(location.pathname);
  else await show();
}

const entry = document.querySelector<HTMLFormElement>("form[data-entry]");
const field = (name: string) => entry?.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement | null;
const isTyping = () => Boolean(field("what")?.value || field("amount_idr")?.value);

function read(form: HTMLFormElement): Line {
  const fields: [string, string][] = [];
  const files: [string, File][] = [];
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) {
      if (value.size) files.push([name, value]);
    } else if (name === "form_key") fields.push([name, `${Date.now()}-${Math.random().toString(36).slice(2)}`]);
    else if (name !== "csrfmiddlewaretoken") fields.push([name, value]);
  }
  return { at: Date.now(), user, address: form.action, fields, files, said: words(form), isRefused: false };
}

function words(form: HTMLFormElement): string {
  const took = form.querySelector<HTMLElement>("[data-said]")?.dataset.said;
  if (took !== undefined) return `${list?.dataset.took}: ${took}`;
  const product = field("product") as HTMLSelectElement | null;
  const what = field("what")?.value || product?.selectedOptions[0]?.textContent;
  return `${what} ${field("amount_idr")?.value ?? ""}`.trim();
}

// A second tap on the way is the same line; an entry without anything is none, and the server says what it lacks.
async function written(form: HTMLFormElement): Promise<void> {
  const line = read(form);
  try {
    await keep(line);
  } catch {
    return form.submit(); // a browser that keeps nothing sends at once
  }
  await sendAll();
  const now = (await kept()).find((one) => one.at === line.at);
  if (now?.isRefused) return sendAsPage(now); // its page says what is to be put right, with what was typed
  if (form === entry) form.reset();
  if (now) place?.scrollIntoView({ block: "center" });
  else location.replace(location.pathname);
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.isWriting) return;
    form.dataset.isWriting = "yes";
    await written(form);
    setTimeout(() => delete form.dataset.isWriting, REST);
  });
}

// Quantity times price, until somebody types another amount. Of a number with a point or a comma the server, which
// knows what they mean in each language, finds the amount.
function reckon(): void {
  const tile = entry?.querySelector<HTMLElement>(`[data-product="${field("product")?.value}"]`);
  const [amount, quantity] = [field("amount_idr"), field("quantity")?.value.trim() || "1"];
  if (!tile || !amount) return;
  amount.value = /^\d{1,6}$/.test(quantity) ? String(Math.round(Number(tile.dataset.price) * Number(quantity))) : "";
}

for (const tile of entry?.querySelectorAll<HTMLElement>("[data-product], [data-what]") ?? []) {
  tile.hidden = false;
  tile.addEventListener("click", () => {
    const [product, quantity, what, kind] = ["product", "quantity", "what", "cost_kind"].map(field);
    if (tile.dataset.product && product && quantity) {
      const isAgain = product.value === tile.dataset.product; // each further tap is one more
      quantity.value = String(isAgain ? Number(quantity.value) + 1 : 1);
      product.value = tile.dataset.product;
      reckon();
    } else if (what && kind) {
      what.value = tile.dataset.what ?? "";
      kind.value = tile.dataset.costKind ?? "";
      field("amount_idr")?.focus();
    }
  });
}
field("product")?.addEventListener("change", reckon);
field("quantity")?.addEventListener("input", reckon);

// The owner's own book opens without signal; one that was kept days ago is written in for the day that it is.
moveToToday(entry, "dated");
if (entry && "own" in entry.dataset) keepPages([location.pathname]);

window.addEventListener("online", sendAll);
setInterval(async () => (await kept()).some((line) => !line.isRefused) && sendAll(), TRY_AGAIN);
sendAll();
