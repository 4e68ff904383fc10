// What was typed outlives a session that ended: after signing in again the form stands as it was sent.
// It is kept in this tab alone, and no longer than until the next page that is not the one to sign in.
const TYPED = "kawasan-typed";
const ASKED = "kawasan-asked-to-sign-in";
type Typed = { action: string; entries: [string, string][] };

export function keepTyped(): void {
  const kept = sessionStorage.getItem(TYPED);
  if (location.pathname === "/sign-in/") {
    if (kept) sessionStorage.setItem(ASKED, "yes");
    return;
  }
  if (kept && sessionStorage.getItem(ASKED)) fillIn(JSON.parse(kept));
  sessionStorage.removeItem(TYPED);
  sessionStorage.removeItem(ASKED);
  document.addEventListener("submit", keep);
}

function keep(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || form.querySelector('[type="password"]')) return;
  const entries = [...new FormData(form)].filter(
    ([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File),
  );
  if (entries.length) sessionStorage.setItem(TYPED, JSON.stringify({ action: form.action, entries }));
}

function fillIn({ action, entries }: Typed): void {
  const form = [...document.forms].find((one) => one.method === "post" && one.action === action);
  if (!form) return;
  const sent = new Set(entries.map((entry) => entry.join("\n")));
  const values = new Map(entries);
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
      field.checked = sent.has(`${field.name}\n${field.value}`);
    } else if (field instanceof HTMLSelectElement) {
      for (const option of field.options) option.selected = sent.has(`${field.name}\n${option.value}`);
    } else if (
      field instanceof HTMLTextAreaElement ||
      (field instanceof HTMLInputElement && !["hidden", "file"].includes(field.type))
    ) {
      field.value = values.get(field.name) ?? field.value;
    }
  }
  const said = document.createElement("div");
  said.className = "alert alert-info";
  said.setAttribute("role", "status");
  said.textContent = document.body.dataset.typed ?? "";
  form.before(said);
}
