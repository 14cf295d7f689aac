// "Which is right?" above the names: two buttons, and the sheet is not submitted before one is pressed.

const fill = (button, { status, word, who }, signs) => {
  button.className = `opt ${status ?? "unmarked"}`;
  button.type = "button";
  button.querySelector("b").replaceChildren(status === undefined ? "" : signs(status ?? "unmarked"), word);
  button.lastElementChild.textContent = who;
};

export const ask = (title, answers, signs, chosen) => {
  const question = document.getElementById("a-question").content.firstElementChild.cloneNode(true);
  const heading = question.querySelector("h2");
  heading.textContent = title(heading.textContent);
  for (const [which, answer] of Object.entries(answers)) {
    const button = question.querySelector(`[value=${which}]`);
    fill(button, answer, signs);
    button.addEventListener("click", () => {
      question.remove();
      chosen(which);
    });
  }
  document.getElementById("questions").append(question);
  return question;
};
