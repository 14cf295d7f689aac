// A button that was pressed says so until the server answers, and is not pressed twice.
// <button data-busy="Saving…">Save</button>

const before = new Map();

const settle = () => {
  for (const [button, content] of before) {
    button.replaceChildren(...content);
    button.removeAttribute("aria-disabled");
  }
  before.clear();
};

const begin = (button) => {
  before.set(button, [...button.childNodes]);
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
};

export const sayBusy = () => {
  document.addEventListener("submit", (event) => {
    const button = event.submitter ?? event.target.querySelector("button[data-busy]");
    if (!button?.dataset.busy || event.defaultPrevented) return;
    if (before.has(button)) event.preventDefault();
    else begin(button);
  });

  // Back from the next page: the browser may show this one just as it was left.
  window.addEventListener("pageshow", settle);
  document.addEventListener("htmx:finally:request", settle);
};
