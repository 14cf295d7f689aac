// A sheet without names: a number, up and down.
import { Counted } from "./_sheet_number.js";
import { Saver } from "./_sheet_saver.js";
import { showNotes } from "./_sheet_notes.js";
import { Undo, clockOf, holdSubmit, lineOf, signsOf, submitWords } from "./_sheet_page.js";
import { counted, readWords } from "./_sheet_words.js";

const MOST = 9999;

// `device`: { viewer, ready, submit } of the page that it stands on.
export const startCounting = (form, device) => {
  const words = readWords(form);
  const signs = signsOf();
  const field = form.elements.number;
  const seen = form.elements.seen;
  const error = document.getElementById("number-error");
  const submit = document.getElementById("submit");
  const undo = new Undo(document.getElementById("undo"));
  const skew = Date.parse(form.dataset.now) - Date.now();
  let saver;

  const sheet = Number(form.dataset.sheet);
  const heads = new Counted(sheet, "headcount", seen.value === "" ? null : Number(seen.value), {
    title: form.dataset.title,
    words,
    signs,
    clock: clockOf(words.zone, skew),
    keep: (items) => saver.keep(items),
    changed: () => saver.say(),
    saidBy: sayWho,
    show: (number) => {
      if (number === null || Number(field.value) !== number || field.value === "") field.value = number ?? "";
    },
  });
  const relabel = () => {
    const isWrong = heads.wrong.length > 0;
    error.hidden = !isWrong;
    field.setAttribute("aria-invalid", String(isWrong));
    field.setAttribute("aria-describedby", error.id);
    seen.value = heads.saved ?? "";
    if (heads.number !== null) submitWords(submit, words, saver, counted(words.people, heads.number));
  };
  saver = new Saver([heads], { ...device, sheet, words, line: lineOf(signs), changed: relabel, noted: showNotes(sheet, words) });

  const count = (number) => {
    const before = heads.number;
    if (heads.asked) return;
    if (number === before) return heads.say(before);
    heads.put(Math.min(Math.max(number, 0), MOST));
    undo.push(() => heads.put(before ?? 0));
  };
  const typed = () => {
    const number = Number(field.value);
    if (field.value !== "" && Number.isInteger(number) && number >= 0 && number <= MOST) {
      heads.wrong = [];
      count(number);
    } else heads.wrong = [field];
    saver.say();
  };
  field.addEventListener("input", typed);
  if (!error.hidden) heads.wrong = [field];
  form.addEventListener("submit", (event) => {
    if (event.submitter === submit) return;
    event.preventDefault();
    if (event.submitter?.name === "step") count((heads.number ?? 0) + Number(event.submitter.value));
    else saver.flush();
  });
  if (submit) holdSubmit(form, submit, saver, device.submit?.(form));
  saver.restore();
};

const sayWho = (text) => {
  const who = document.getElementById("who");
  if (who) who.textContent = text;
};
