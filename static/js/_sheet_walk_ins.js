// Somebody who came and was not expected, written down by the name they give: on the phone first, like every mark.
import { fetchPage } from "./_fetched.js";
import { copyOf } from "./_kept_fill.js";
import { forget, newItem, whereOf } from "./_kept_outbox.js";
import { lateNow, minutesBeforeEnd, wordOf, wrongIn } from "./_sheet_words.js";

const LONGEST = 40; // as the server keeps it
const WHAT = "walk_in";

// Whatever is typed, no more than this is kept anywhere.
const firstAndInitial = (typed) => {
  const [first = "", ...more] = typed.trim().split(/\s+/);
  return more.length ? `${first} ${[...more.at(-1)][0].toUpperCase()}.` : first;
};

const valueOf = ({ status, late_minutes, left_minutes }) => ({ status, late: late_minutes, left: left_minutes });

// A row that is only read; what waits or was refused on it is shown by whoever drew it.
export const drawWalkIn = (item, words, signs) => {
  const element = copyOf("a-walk-in", item).firstElementChild;
  element.classList.add(item.status);
  element.querySelector(".sign").replaceChildren(signs(item.status));
  element.querySelector(".word").textContent = wordOf(words, valueOf(item));
  return element;
};

const listIn = (place) => {
  if (!place.querySelector("ul")) place.append(Object.assign(document.createElement("ul"), { className: "marks" }));
  return place.querySelector("ul");
};

export class WalkIns {
  // `number`: how many stand on the page already.
  constructor(sheet, number, { words, signs, keep, takeBack, changed }) {
    Object.assign(this, { sheet, words, signs, keep, takeBack, changed, before: number });
    this.place = document.getElementById("walk-ins");
    this.rows = new Map(); // by uid: { item, element, isSaved, reason }
  }

  takes(item) {
    return item.what === WHAT;
  }

  get waiting() {
    return this.all.filter(({ isSaved, reason }) => !isSaved && !reason).length;
  }

  get questions() {
    return 0;
  }

  get wrong() {
    return this.all.filter(({ reason }) => reason).map(({ element }) => element.querySelector("[data-off]"));
  }

  get all() {
    return [...this.rows.values()];
  }

  // Who counts: also who waits to be saved.
  get number() {
    return this.before + this.all.filter(({ reason }) => !reason).length;
  }

  add(name, value) {
    const { status, late: late_minutes, left: left_minutes } = value;
    const item = newItem({ sheet: this.sheet, what: WHAT, name, status, late_minutes, left_minutes });
    this.draw(item);
    this.keep([item]);
  }

  draw(item) {
    const element = drawWalkIn(item, this.words, this.signs);
    const row = { item, element, isSaved: false, reason: "" };
    element.querySelector(".wait").hidden = false;
    const off = element.querySelector("[data-off]");
    off.hidden = false;
    off.addEventListener("click", () => this.takeOff(row));
    this.rows.set(item.uid, row);
    listIn(this.place).append(element);
    return row;
  }

  restore(item) {
    if (!this.rows.has(item.uid)) this.draw(item);
  }

  settle(item, result) {
    const row = this.rows.get(item.uid) ?? this.draw(item);
    if (result.outcome === "refused") this.refuse(row, result.reason);
    else if (result.outcome === "kept") this.remove(row);
    else this.saved(row, result.walk_in);
  }

  recall({ kind, mine, result }) {
    if (kind === "refused" && !this.rows.has(mine.uid)) this.refuse(this.draw(mine), result.reason);
  }

  // From here on it is the server's row, with all that can be done about it there.
  async saved(row, number) {
    const id = `walk-in-${number}`;
    if (document.getElementById(id)) return this.remove(row);
    row.isSaved = true;
    for (const part of row.element.querySelectorAll(".wait, [data-off]")) part.hidden = true;
    const fresh = (await fetchPage(`/facilitator/sheets/${this.sheet}`).catch(() => null))?.getElementById(id);
    if (!fresh || document.getElementById(id)) return;
    row.element.replaceWith(fresh);
    this.rows.delete(row.item.uid);
    this.before += 1;
  }

  refuse(row, reason) {
    row.reason = reason;
    row.element.querySelector(".wait").hidden = true;
    const said = row.element.querySelector(".error");
    said.hidden = false;
    said.querySelector("span").textContent = reason;
  }

  // What may be on its way to the server cannot be taken back here: a moment later the server's row can.
  async takeOff(row) {
    if (row.reason) await forget([{ where: whereOf(row.item) }]);
    else if (!(await this.takeBack(row.item))) return;
    this.remove(row);
    document.querySelector(".walk-in > summary").focus();
  }

  remove(row) {
    row.element.remove();
    this.rows.delete(row.item.uid);
    this.changed();
  }
}

// The form that adds one. `now`: the time by the server's clock. To look up a member stays with the server.
export const watchWalkIns = (form, walkIns, words, now) => {
  const { name, late, left } = form.elements;
  const error = document.getElementById("walk-in-error");
  const tell = (field, said) => {
    error.hidden = !said;
    error.querySelector("span").textContent = said;
    for (const one of [name, late, left]) one.removeAttribute("aria-invalid"); // "false" would say that an empty field is right
    field?.setAttribute("aria-invalid", "true");
    field?.focus();
  };
  const value = (status) => {
    if (status === "late") return { status, late: Number(late.value) || lateNow(words, now()), left: null };
    return { status, late: null, left: status === "left_early" ? minutesBeforeEnd(words, left.value) : null };
  };
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    const { value: status } = form.elements.status;
    const called = firstAndInitial(name.value);
    const field = { late, left_early: left }[status];
    const wrong = field ? wrongIn(words, field) : "";
    if (!called || called.length > LONGEST) return tell(name, words.walk_in_name);
    if (wrong) return tell(field, wrong);
    tell(null, "");
    walkIns.add(called, value(status));
    form.reset();
    name.focus();
  });
};
