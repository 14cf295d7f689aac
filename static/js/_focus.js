// Where the focus goes: to what is wrong when a form comes back, to the new heading when part of a page was changed
// and asked for it, and otherwise nowhere, so that nobody loses their place.

const focusOn = (element) => {
  if (!element.hasAttribute("tabindex") && !element.matches("a[href], button, input, select, textarea")) {
    element.tabIndex = -1;
  }
  element.focus();
};

export const keepFocus = () => {
  const summary = document.querySelector("[data-focus]");
  if (summary) focusOn(summary);

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx.target;
    const asked = target?.querySelector?.("[data-focus]");
    if (asked) focusOn(asked);
  });
};
