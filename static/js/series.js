// The form of a series: a 12-step meeting is counted by heads, other kinds by minutes, until somebody says otherwise.

const form = document.querySelector(".series-form");
const counting = (value) => form.querySelector(`[name="counting"][value="${value}"]`);
let isChosen = form.dataset.counting === "chosen";

form.addEventListener("change", ({ target }) => {
  if (target.name === "counting") isChosen = true;
  if (target.name === "kind" && !isChosen) {
    counting(target.value === "mutual_help" ? "heads" : "minutes").checked = true;
  }
});

// Who goes from the buttons to words finds there what the buttons said.
form.addEventListener("change", ({ target }) => {
  const words = form.querySelector("#words");
  if (target.name !== "repeats" || target.value !== "words" || words.value) return;
  words.value = document.querySelector("#preview .inwords")?.dataset.typed ?? "";
});

// The dates follow a rule in words as it is typed, not only when the field is left.
let pause;
form.addEventListener("input", ({ target }) => {
  if (!("asTyped" in target.dataset)) return;
  clearTimeout(pause);
  pause = setTimeout(() => target.dispatchEvent(new Event("change", { bubbles: true })), 400);
});

// What the words say of the first day and the hours fills those fields while they are empty, and goes with the words.
const fields = ["first_day", "starts", "ends"].map((name) => form.elements.namedItem(name)).filter(Boolean);

document.addEventListener("htmx:after:swap", () => {
  const said = document.querySelector("#said").dataset;
  for (const field of fields) {
    if (field.value || !said[field.name]) continue;
    field.value = field.dataset.filled = said[field.name];
  }
});
form.addEventListener("input", ({ target }) => {
  if (target.name !== "words") return;
  for (const field of fields) {
    if (field.dataset.filled && field.value === field.dataset.filled) field.value = "";
  }
});
