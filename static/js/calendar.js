// The page "Calendar on your phone": what a neighbor would read follows the choices as they are made.
const form = document.querySelector("[data-feed-form]");
const glance = document.querySelector("[data-glance]");
const just = form.querySelector("[name=titles][value=plain] + span b");
const nothing = glance.querySelector("[data-nothing]");

const show = () => {
  const chosen = new FormData(form);
  const language = form.querySelector("[name=language] :checked");
  const plain = language.dataset.title;
  const ofKind = (sample) => chosen.get(`kind_${sample.dataset.kind}`);
  const isDose = (sample) => "dailyDose" in sample.dataset;
  const samples = [...glance.querySelectorAll("[data-sample]")];
  const next = samples.find(
    (sample) => ofKind(sample) !== "out" && (!isDose(sample) || chosen.has("daily_dosing")),
  );

  samples.forEach((sample) => {
    const own = ofKind(sample);
    const alarm = isDose(sample) ? "none" : own === "shown" ? chosen.get("alarm") : own;
    sample.hidden = sample !== next;
    sample.querySelectorAll("[data-alarm]").forEach((part) => (part.hidden = part.dataset.alarm !== alarm));
  });
  nothing.hidden = next !== undefined;
  glance.querySelectorAll("[data-titles]").forEach((part) => {
    part.hidden = part.dataset.titles !== chosen.get("titles");
  });
  glance.querySelectorAll("[data-plain-title]").forEach((part) => (part.textContent = plain));
  just.textContent = language.dataset.just;
  glance.querySelectorAll("[data-hidden-by]").forEach((part) => {
    part.hidden = chosen.has(part.dataset.hiddenBy);
  });
  glance.querySelectorAll("[data-shown-by]").forEach((part) => {
    part.hidden = !chosen.has(part.dataset.shownBy);
  });
};

form.querySelectorAll("[data-without-scripts]").forEach((button) => (button.hidden = true));
form.addEventListener("change", show);
// Back on this page, the browser fills in what was chosen before, and does not say so.
window.addEventListener("pageshow", show);
show();
