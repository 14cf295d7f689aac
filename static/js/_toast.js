// A toast says what was done. It goes when closed, or by itself once nobody is at it any more; one with a form in it
// (Undo) stays, because what can be undone must not run away.

const LASTS = 8000;

const dismiss = (toast) => {
  if (toast.matches(":hover, :focus-within")) setTimeout(() => dismiss(toast), LASTS);
  else toast.remove();
};

export const showToasts = (root) => {
  root.querySelectorAll("[data-toast]").forEach((toast) => {
    const close = toast.querySelector("[data-close]");
    close.hidden = false;
    close.addEventListener("click", () => toast.remove());
    if (!toast.querySelector("form")) setTimeout(() => dismiss(toast), LASTS);
  });
};
