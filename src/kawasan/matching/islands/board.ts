// A name can be dragged to another group; that opens the page with what the move costs. Without it, "Move" does.
const FORMAT = "application/x-kawasan-move";

for (const card of document.querySelectorAll<HTMLElement>("[data-move]")) {
  card.addEventListener("dragstart", (event) => {
    event.dataTransfer?.setData(FORMAT, card.dataset.move ?? "");
  });
}

for (const group of document.querySelectorAll<HTMLElement>("[data-group]")) {
  const mark = (isOver: boolean) => group.classList.toggle("border-primary", isOver);
  group.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes(FORMAT)) {
      event.preventDefault();
      mark(true);
    }
  });
  group.addEventListener("dragleave", () => mark(false));
  group.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const address = event.dataTransfer?.getData(FORMAT);
    if (address && !group.querySelector(`[data-move="${CSS.escape(address)}"]`)) {
      location.assign(`${address}?to=${group.dataset.group ?? ""}`);
    }
  });
}
