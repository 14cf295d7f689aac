// A button that prints the page; without scripts the words beside it say to print it.
// <button type="button" hidden data-print>Print</button>

export const offerPrinting = (root) => {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
};
