// A sheet with names: a tap is "present", another tap walks the marks that need nothing typed.
import { Counted } from "./_sheet_number.js";
import { Marks } from "./_sheet_marks.js";
import { Saver } from "./_sheet_saver.js";
import { Undo, clockOf, holdSubmit, lineOf, signsOf, submitWords } from "./_sheet_page.js";
import { Row, UNMARKED, isHere, nextInRing, same } from "./_sheet_row.js";
import { fetchPage } from "./_sheet_post.js";
import { lateNow, minutesBeforeEnd, readWords } from "./_sheet_words.js";

const LONG_PRESS = 500;

export const startMarking = (form) => {
  const words = readWords(form);
  const skew = Date.parse(form.dataset.now) - Date.now();
  const signs = signsOf();
  const rows = [...form.querySelectorAll(".mark")].map((element) => new Row(element, words, signs));
  const clock = clockOf(words.zone, skew);
  const undo = new Undo(document.getElementById("undo"));
  const guests = document.querySelector(".walk-ins");
  const submit = document.getElementById("submit");
  let saver;
  const changed = () => saver.touch();

  const marks = new Marks(form.action, rows, { words, signs, clock, changed });
  const walkIns = new Counted(guests.action, Number(guests.dataset.number), {
    title: guests.dataset.title,
    words,
    signs,
    clock,
    changed,
    show: (number) => {
      guests.querySelector("[data-shown]").textContent = number || "";
      guests.querySelector("[data-step='-1']").hidden = !number;
    },
  });

  const tally = () => {
    const marked = rows.filter((row) => row.isMarked).length;
    const left = rows.filter((row) => row.expected && !row.isMarked).length;
    document.getElementById("n-marked").textContent = marked;
    document.getElementById("n-here").textContent = rows.filter((row) => isHere(row.value)).length;
    document.querySelector("[data-rest=present]").hidden = !left;
    document.querySelector("[data-rest=absent]").hidden = !left || !marked;
    submitWords(submit, words, saver.questions, words.submit);
  };
  saver = new Saver([marks, walkIns], { page: form.dataset.page, words, line: lineOf(signs), changed: tally });

  const set = (changes, fills = false) => {
    const before = changes.map(([row]) => [row, row.value]);
    for (const [row, value] of changes) marks.put(row, value, fills);
    undo.push(() => {
      for (const [row, value] of before) marks.put(row, value);
      undo.show();
      saver.touch();
    });
    saver.touch();
  };

  const byTap = (status) => ({ status, late: status === "late" ? lateNow(words, Date.now() + skew) : null, left: null });
  const rowOf = (event) => rows.find((row) => row.element.contains(event.target));
  const count = (number) => {
    const before = walkIns.number;
    if (walkIns.asked || number < 0) return;
    walkIns.put(number);
    undo.push(() => {
      walkIns.put(before);
      undo.show();
      saver.touch();
    });
    saver.touch();
  };

  watchTaps(form, rowOf, (row) => {
    if (marks.asked.has(row.person)) marks.asked.get(row.person).querySelector("button").focus();
    else set([[row, byTap(nextInRing(row.value.status))]]);
  });
  watchPanels(form, rowOf, (row, read) => {
    const value = read(byTap, words);
    if (value && !same(value, row.value) && !marks.asked.has(row.person)) set([[row, value]]);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const rest of document.querySelectorAll("[data-rest]")) {
    rest.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = { ...UNMARKED, status: rest.dataset.rest };
      const unmarked = rows.filter((row) => row.expected && !row.isMarked);
      if (unmarked.length) set(unmarked.map((row) => [row, value]), true);
    });
  }
  guests.addEventListener("submit", (event) => {
    event.preventDefault();
    count(walkIns.number + Number(event.submitter.dataset.step));
  });
  const submitting = document.getElementById("submit-form");
  if (submitting) holdSubmit(submitting, submit, saver);
  keepHistory(form.dataset.page, () => saver.savedAt);
};

// A long press opens the row, like its dots.
const watchTaps = (form, rowOf, tap) => {
  let timer = null;
  let opened = false;
  const stop = () => clearTimeout(timer);
  form.addEventListener("pointerdown", (event) => {
    opened = false;
    if (!event.target.closest(".name")) return;
    const row = rowOf(event);
    timer = setTimeout(() => {
      opened = true;
      row.open(true);
    }, LONG_PRESS);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave", "scroll"]) form.addEventListener(end, stop);
  window.addEventListener("scroll", stop, { passive: true });
  form.addEventListener("contextmenu", (event) => {
    if (event.target.closest(".name") && event.pointerType !== "mouse") event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    const row = rowOf(event);
    if (event.target.closest("[data-open]")) row.open(!row.isOpen);
    else if (event.target.closest(".name")) {
      event.preventDefault();
      if (!opened) tap(row);
      opened = false;
    }
  });
};

// The panel of a row: one of five, and what belongs to it.
const watchPanels = (form, rowOf, choose) => {
  form.addEventListener("change", (event) => {
    const row = rowOf(event);
    const { type, value } = event.target;
    choose(row, (byTap, words) => {
      if (type === "radio") return byTap(value);
      if (type === "number") return { status: "late", late: Math.trunc(Number(value)) || null, left: null };
      return { status: "left_early", late: null, left: minutesBeforeEnd(words, value) };
    });
    if (type !== "radio") row.fill();
  });
  form.addEventListener("keydown", (event) => {
    const row = rowOf(event);
    if (event.key !== "Escape" || !row?.isOpen) return;
    row.open(false);
    row.find("[data-open]").focus();
  });
};

// Who saved what, fetched again when it is opened after something was saved.
const keepHistory = (page, savedAt) => {
  const details = document.querySelector(".history");
  document.querySelector("[data-more]").addEventListener("click", () => (details.open = true));
  details.addEventListener("toggle", async () => {
    if (!details.open || !savedAt()) return;
    const fresh = (await fetchPage(page).catch(() => null))?.getElementById("who");
    if (fresh) document.getElementById("who").replaceChildren(...fresh.childNodes);
  });
};
