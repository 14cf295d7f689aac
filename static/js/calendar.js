// The page "Calendar on your phone": what a neighbor would read follows the choices as they are made.
const form = document.querySelector("[data-feed-form]");
const glance = document.querySelector("[data-glance]");

const show = () => {
  const chosen = new FormData(form);
  glance.querySelectorAll("[data-titles]").forEach((part) => {
    part.hidden = part.dataset.titles !== chosen.get("titles");
  });
  glance.querySelectorAll("[data-shown-by]").forEach((part) => {
    part.hidden = !chosen.has(part.dataset.shownBy);
  });
};

form.querySelectorAll("[data-without-scripts]").forEach((button) => (button.hidden = true));
form.addEventListener("change", show);
show();
