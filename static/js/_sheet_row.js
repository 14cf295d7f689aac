// One person of the sheet: what the row shows, and what its panel holds.
import { copyOf } from "./_kept_fill.js";
import { asRead, clockBeforeEnd, wordOf } from "./_sheet_words.js";

// Only what needs nothing typed; null is "not marked".
const RING = [null, "present", "late", "absent"];
const HERE = ["present", "late", "left_early"];

export const UNMARKED = { status: null, late: null, left: null, excuse: null };
export const same = (a, b) => Object.keys(UNMARKED).every((name) => a[name] === b[name]);
export const isHere = (value) => HERE.includes(value.status);

export const nextInRing = (status) => {
  const at = RING.indexOf(status);
  return at < 0 ? "present" : RING[(at + 1) % RING.length];
};

export class Row {
  constructor(element, words, signs) {
    const { person, status, late, left, excuse, revision, expected } = element.dataset;
    Object.assign(this, { element, words, signs, person: Number(person), revision: Number(revision) });
    this.expected = expected === "1";
    this.says = element.dataset.says; // why they can't make it, "" where they did not say; undefined: they said nothing
    this.value = {
      status: status === "unmarked" ? null : status,
      late: Number(late) || null,
      left: Number(left) || null,
      excuse: excuse || null,
    };
    this.saved = this.value; // what the server last said
    this.reason = this.find(".error").hidden ? "" : this.find(".error span").textContent;
    if (!this.reason) this.fill();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  get name() {
    return this.find(".who").textContent;
  }

  get isMarked() {
    return this.value.status !== null;
  }

  // "Excused" waits for whoever leads: nothing fills this gap.
  get isProposed() {
    return this.says !== undefined && this.expected && !this.isMarked;
  }

  // They say that they can't make it, and why; or they can after all (undefined).
  hear(says) {
    if (says === this.says) return;
    this.says = says;
    for (const said of this.element.querySelectorAll(".says, .said-why")) said.remove();
    if (says === undefined) return;
    const panel = this.find(".more");
    panel.before(copyOf("says", { person: this.person, name: this.name, reason: says }));
    if (says) panel.prepend(copyOf("said-why", { reason: this.words.excuses[says] }));
  }

  show(value) {
    this.value = value;
    const status = value.status ?? "unmarked";
    this.element.classList.remove(this.element.dataset.status);
    this.element.classList.add(status);
    this.element.dataset.status = status;
    this.find(".sign").replaceChildren(this.signs(status));
    this.find(".word").textContent = wordOf(this.words, value);
    this.fill();
  }

  // The panel says what the row says; a field that somebody is typing in is left alone.
  fill() {
    if (this.reason) return; // what was typed stands beside what is wrong with it
    const { status, late, left, excuse } = this.value;
    this.element.querySelectorAll("[type=radio]").forEach((radio) => (radio.checked = radio.value === status));
    this.set("[type=number]", late ?? "");
    this.set("select", excuse ?? "");
    this.set("[type=time]", left ? clockBeforeEnd(this.words, left) : "");
    const there = this.words.there.replace("{there}", this.words.length - (left ?? 0));
    const came = late ? asRead(clockBeforeEnd(this.words, this.words.length - late)) : "";
    this.find("[data-came]").textContent = late ? (this.words.came ?? "").replace("{time}", came) : "";
    this.find("[data-there]").textContent = left ? there.replace("{all}", this.words.length) : "";
  }

  set(selector, text) {
    const field = this.find(selector);
    if (field !== document.activeElement) field.value = text;
  }

  // Says beside the fields what is wrong with what was typed; an empty reason takes it back.
  tell(reason) {
    if (!reason && !this.reason) return;
    this.reason = reason;
    const said = this.find(".error");
    said.hidden = !reason;
    said.querySelector("span").textContent = reason;
    for (const field of this.element.querySelectorAll("[type=number], [type=time]")) {
      field.setAttribute("aria-invalid", String(Boolean(reason)));
      field.setAttribute("aria-describedby", said.id);
    }
    if (reason) this.open(true);
    else this.fill();
  }

  // To what has to be mended.
  focus() {
    this.open(true);
    const fields = [...this.element.querySelectorAll("[type=number], [type=time]")];
    (fields.find((field) => field.offsetParent) ?? this.find("[type=radio]")).focus();
  }

  // The person is not expected any more, so the server took no mark.
  refuse() {
    this.show(UNMARKED);
    this.expected = false;
    this.find(".word").textContent = this.words.not_expected;
  }

  wait(waits) {
    this.find(".wait").hidden = !waits;
  }

  get isOpen() {
    return this.element.classList.contains("open");
  }

  open(opens) {
    const button = this.find("[data-open]");
    this.element.classList.toggle("open", opens);
    button.setAttribute("aria-expanded", String(opens));
    button.replaceChildren(this.signs(opens ? "up" : "more"));
  }
}
