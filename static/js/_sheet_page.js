// What both kinds of sheet share: signs, the line of truth, undo, and a button that submits only what is saved.
import { counted } from "./_sheet_words.js";

export const signsOf = () => {
  const drawn = document.getElementById("signs").content;
  return (name) => drawn.querySelector(`[data-sign=${name}]`).firstElementChild.cloneNode(true);
};

export const lineOf = (signs) => {
  const line = document.getElementById("save-line");
  const came = [line.className, ...line.childNodes];
  let said = "";
  const say = (tone, sign, strong, rest, end = "") => {
    const now = [tone, sign, strong, rest, end].join("|");
    if (now === said) return; // a live region that says the same again is read aloud again
    said = now;
    const b = document.createElement("b");
    b.textContent = strong;
    const words = document.createElement("span");
    words.append(...(strong ? [b, " "] : []), rest);
    const time = document.createElement("span");
    time.className = "end";
    time.textContent = end;
    const drawn = document.createElement("span");
    drawn.className = "signs";
    drawn.append(signs(sign));
    line.className = `saveline ${tone}`.trim();
    line.replaceChildren(drawn, words, ...(end ? [time] : []));
  };
  say.asItCame = () => {
    if (!said) return;
    said = "";
    line.className = came[0];
    line.replaceChildren(...came.slice(1));
  };
  return say;
};

// Step by step back; each step knows itself how.
export class Undo {
  // `aside`: the button is not there before there is something to undo.
  constructor(button, aside = false) {
    Object.assign(this, { button, aside, steps: [] });
    button.addEventListener("click", () => {
      this.steps.pop()?.();
      this.show();
    });
    this.show();
  }

  push(step) {
    this.steps.push(step);
    this.show();
  }

  show() {
    this.button.hidden = this.aside && !this.steps.length;
    this.button.setAttribute("aria-disabled", String(!this.steps.length));
  }
}

// When something was done by the device's own clock, on the clock of the session, for "You, 7:09 PM".
export const clockOf = (zone, skew) => (made_at) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", timeZone: zone })
    .format(Date.parse(made_at) + skew)
    .replace("\u202f", " ");

// Only what is saved is submitted. `submit` does it, where the page itself cannot.
export const holdSubmit = (form, button, saver, submit = () => form.requestSubmit(button)) => {
  let isHeld = true;
  form.addEventListener("submit", async (event) => {
    if (event.submitter !== button || !isHeld) return;
    event.preventDefault();
    await saver.flush();
    if (saver.wrong.length) return saver.wrong[0].focus();
    if (saver.waiting || saver.questions) return;
    isHeld = false;
    await submit();
    isHeld = true;
  });
};

export const submitWords = (button, words, saver, ready) => {
  if (!button) return;
  const { questions, waiting, failed } = saver;
  button.disabled = questions > 0;
  const said = questions ? counted(words.answer, questions) : waiting && failed?.why === "no_signal" ? words.submit_later : ready;
  if (button.textContent !== said && button.getAttribute("aria-disabled") !== "true") button.textContent = said;
};
