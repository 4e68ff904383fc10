// Folds and unfolds the navigation on narrow screens.
export function foldNavigation(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-bs-toggle="collapse"]')) {
    const target = document.querySelector(button.dataset.bsTarget ?? "");
    button.addEventListener("click", () => {
      const isOpen = target?.classList.toggle("show") ?? false;
      button.setAttribute("aria-expanded", String(isOpen));
    });
  }
}
