// <button hidden data-copy="id-of-a-field" data-copied="Copied">: shown only where the browser can copy.

const copy = async (button) => {
  const field = document.getElementById(button.dataset.copy);
  const words = button.querySelector("span") ?? button;
  field.select();
  await navigator.clipboard.writeText(field.value);
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  setTimeout(() => (words.textContent = before), 3000);
};

export const offerCopying = (root) => {
  if (!navigator.clipboard) return;
  root.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
};
