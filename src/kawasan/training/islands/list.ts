// Marks everybody of a list at once; each can still be marked otherwise.
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-mark-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const radios = document.querySelectorAll<HTMLInputElement>(`input[type=radio][value="${button.dataset.markAll}"]`);
    for (const radio of radios) radio.checked = true;
  });
}
