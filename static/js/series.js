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
