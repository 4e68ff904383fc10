// A button that was pressed rests, so that a double click sends a form once. The server holds to that without us.
// A form whose answer takes long says so in a place of its own, and its buttons rest until the answer is there.
const REST = 5000; // milliseconds; a form that answers with a file leaves its page standing
const LONG_REST = 180_000;

export function restAfterSending(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const working = form.querySelector<HTMLElement>("[data-working]");
    if (form.method !== "post" && !working) return;
    const buttons = form.querySelectorAll<HTMLButtonElement>('button[type="submit"]:enabled');
    const before = working?.textContent ?? "";
    const rest = (isResting: boolean) => {
      for (const button of buttons) button.disabled = isResting;
      if (working) working.textContent = isResting ? (working.dataset.working ?? "") : before;
    };
    setTimeout(rest, 0, true); // after the browser has taken what the pressed button says
    setTimeout(rest, working ? LONG_REST : REST, false);
    window.addEventListener("pageshow", () => rest(false), { once: true });
  });
}
