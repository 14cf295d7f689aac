// A sheet with names: a tap is "present", another tap walks the marks that need nothing typed.
import { watchArrivals } from "./_sheet_arrivals.js";
import { Counted } from "./_sheet_number.js";
import { fetchPage } from "./_fetched.js";
import { Marks } from "./_sheet_marks.js";
import { Saver } from "./_sheet_saver.js";
import { Undo, clockOf, holdSubmit, lineOf, signsOf, submitWords } from "./_sheet_page.js";
import { Row, UNMARKED, isHere, nextInRing, same } from "./_sheet_row.js";
import { showNotes } from "./_sheet_notes.js";
import { WalkIns, watchWalkIns } from "./_sheet_walk_ins.js";
import { lateNow, minutesBeforeEnd, readWords, wrongIn } from "./_sheet_words.js";

const LONG_PRESS = 500;

// `device`: { viewer, ready, submit } of the page that it stands on.
export const startMarking = (form, device) => {
  const page = new Names(form, device);
  watchTaps(form, page.rowOf, page);
  watchPanels(form, page.rowOf, (row, value) => page.choose(row, value));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.querySelectorAll("[data-rest]").forEach((rest) => onSubmit(rest, () => page.markRest(rest.dataset.rest)));
  onSubmit(page.guests, (event) => page.countGuest(Number(event.submitter.dataset.step)));
  keepHistory(`/facilitator/sheets/${form.dataset.sheet}`, () => page.saver.savedAt);
  watchArrivals(page);
  const adding = document.querySelector("form[data-walk-in]");
  if (adding) watchWalkIns(adding, page.named, page.words, () => Date.now() + page.skew);
  page.paint();
  page.saver.restore();
};

const onSubmit = (form, act) =>
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(event);
  });

class Names {
  constructor(form, device) {
    const words = readWords(form);
    const signs = signsOf();
    this.words = words;
    this.skew = Date.parse(form.dataset.now) - Date.now();
    this.rows = [...form.querySelectorAll(".mark")].map((element) => new Row(element, words, signs));
    this.rowOf = (event) => this.rows.find((row) => row.element.contains(event.target));
    this.guests = document.querySelector(".walk-ins");
    this.submit = document.getElementById("submit");
    this.undo = new Undo(document.getElementById("undo"), !this.rows.length);

    const keep = (items) => this.saver.keep(items);
    const shared = { words, signs, clock: clockOf(words.zone, this.skew), keep, changed: () => this.saver.say() };
    const { number, title } = this.guests.dataset;
    const sheet = Number(form.dataset.sheet);
    const show = (now) => this.showGuests(now);
    this.marks = new Marks(sheet, this.rows, shared);
    this.walkIns = new Counted(sheet, "walk_ins", Number(number), { ...shared, title, show });
    const takeBack = (item) => this.saver.takeBack(item);
    this.named = new WalkIns(sheet, Number(form.dataset.walkedIn), { ...shared, takeBack });
    this.saver = new Saver([this.marks, this.walkIns, this.named], {
      ...device,
      sheet,
      words,
      line: lineOf(signs),
      changed: () => this.tally(),
      noted: showNotes(sheet, words),
    });
    const submitting = document.getElementById("submit-form");
    if (submitting) holdSubmit(submitting, this.submit, this.saver, device.submit?.(submitting));
  }

  // By the clock of the server.
  now() {
    return Date.now() + this.skew;
  }

  // What a page out of the device's own store comes without.
  paint() {
    for (const row of this.rows) row.show(row.value);
    this.showGuests(this.walkIns.number);
  }

  tally() {
    const { rows, words, saver } = this;
    const marked = rows.filter((row) => row.isMarked).length;
    const left = rows.some((row) => row.expected && !row.isMarked && !row.isProposed);
    const walkedIn = this.named.number;
    document.getElementById("n-marked").textContent = marked + walkedIn;
    document.getElementById("n-of").textContent = words.of.replace("{people}", rows.length + walkedIn);
    document.getElementById("n-here").textContent = rows.filter((row) => isHere(row.value)).length + walkedIn;
    document.querySelector("[data-rest=present]").hidden = !left;
    document.querySelector("[data-rest=absent]").hidden = !left || !marked;
    this.sayBeside(marked && !left);
    submitWords(this.submit, words, saver, words.submit);
  }

  // Too many at the door, or too few once everybody is marked: its line is there from the start, so no name moves.
  sayBeside(isComplete) {
    const line = document.getElementById("beside");
    const { least, most, too_few: few, too_many: many } = this.words;
    const here = this.rows.filter((row) => isHere(row.value)).length + this.named.number + (this.walkIns.number ?? 0);
    const said = most !== null && here > most ? many : isComplete && least !== null && here < least ? few : "";
    if (line) line.textContent = said.replace("{here}", here);
  }

  showGuests(number) {
    this.guests.querySelector("[data-shown]").textContent = number || "";
    this.guests.querySelector("[data-step='-1']").hidden = !number;
  }

  set(changes, fills = false) {
    const before = changes.map(([row]) => [row, row.value]);
    this.marks.put(changes, fills);
    this.undo.push(() => this.marks.put(before.filter(([row, value]) => !this.marks.wasRefused(row, value))));
  }

  // A mark without anything typed; late is late by the clock.
  plain(status) {
    return { ...UNMARKED, status, late: status === "late" ? lateNow(this.words, Date.now() + this.skew) : null };
  }

  tap(row) {
    const question = this.marks.asked.get(row.person);
    if (question) question.querySelector("button").focus();
    else this.set([[row, this.plain(nextInRing(row.value.status))]]);
  }

  // What they said beforehand is right: excused, for their reason.
  excuse(row) {
    row.find(".name").focus(); // the button goes
    this.set([[row, { ...UNMARKED, status: "excused", excuse: row.says || null }]]);
  }

  choose(row, field) {
    const { type, value: typed } = field;
    const reason = wrongIn(this.words, field);
    if (reason) {
      row.tell(reason);
      return this.saver.say();
    }
    const value =
      type === "radio"
        ? this.plain(typed)
        : type === "number"
          ? { ...UNMARKED, status: "late", late: Math.trunc(Number(typed)) || null }
          : type === "select-one"
            ? { ...UNMARKED, status: "excused", excuse: typed || null }
            : { ...UNMARKED, status: "left_early", left: minutesBeforeEnd(this.words, typed) };
    if (row.reason) row.tell("");
    if (!same(value, row.value) && !this.marks.asked.has(row.person)) this.set([[row, value]]);
    if (type !== "radio") row.fill();
    this.saver.say();
  }

  markRest(status) {
    const unmarked = this.rows.filter((row) => row.expected && !row.isMarked && !row.isProposed);
    if (unmarked.length) this.set(unmarked.map((row) => [row, this.plain(status)]), true);
  }

  countGuest(step) {
    const before = this.walkIns.number;
    if (this.walkIns.asked || before + step < 0) return;
    this.walkIns.put(before + step);
    this.undo.push(() => this.walkIns.put(before));
  }
}

// A long press opens the row, like its dots.
const watchTaps = (form, rowOf, page) => {
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
    else if (event.target.closest("[data-confirm]")) {
      event.preventDefault();
      page.excuse(row);
    } else if (event.target.closest(".name")) {
      event.preventDefault();
      if (!opened) page.tap(row);
      opened = false;
    }
  });
};

// The panel of a row: one of five, and what belongs to it.
const watchPanels = (form, rowOf, choose) => {
  form.addEventListener("change", (event) => choose(rowOf(event), event.target));
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
  if (!details) return;
  document.querySelector("[data-more]").addEventListener("click", () => (details.open = true));
  details.addEventListener("toggle", async () => {
    if (!details.open || !savedAt()) return;
    const fresh = (await fetchPage(page).catch(() => null))?.getElementById("who");
    if (fresh) document.getElementById("who").replaceChildren(...fresh.childNodes);
  });
};
