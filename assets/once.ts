// A button that was pressed rests, so that a double click sends a form once. The server holds to that without us.
const REST = 5000; // milliseconds; a form that answers with a file leaves its page standing

export function restAfterSending(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post") return;
    const buttons = form.querySelectorAll<HTMLButtonElement>('button[type="submit"]:enabled');
    const rest = (isResting: boolean) => {
      for (const button of buttons) button.disabled = isResting;
    };
    setTimeout(rest, 0, true); // after the browser has taken what the pressed button says
    setTimeout(rest, REST, false);
    window.addEventListener("pageshow", () => rest(false), { once: true });
  });
}
