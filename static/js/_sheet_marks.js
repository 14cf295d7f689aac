// The marks that wait for the server, person by person.
import { ask } from "./_sheet_questions.js";
import { same } from "./_sheet_row.js";
import { wholeWordOf } from "./_sheet_words.js";

const valueOf = (mark) => ({ status: mark.status, late: mark.late_minutes, left: mark.left_minutes, excuse: mark.excuse });

export class Marks {
  constructor(url, rows, { words, signs, clock, changed }) {
    Object.assign(this, { url, words, signs, clock, changed });
    this.rows = new Map(rows.map((row) => [row.person, row]));
    this.pending = new Map();
    this.sending = new Map();
    this.lost = new Map(); // sent without an answer: if the server has it, it is ours and no question
    this.asked = new Map();
    this.refused = [];
  }

  get waiting() {
    return new Set([...this.pending.keys(), ...this.sending.keys()]).size;
  }

  // What was typed and cannot be saved: it stops nobody else's mark.
  get wrong() {
    return [...this.rows.values()].filter((row) => row.reason);
  }

  get questions() {
    return this.asked.size;
  }

  // `fills`: only if nobody marked the person meanwhile (All present, Rest absent).
  put(row, value, fills = false) {
    row.tell("");
    row.show(value);
    row.wait(true);
    this.pending.set(row.person, { value, fills });
  }

  take() {
    if (!this.pending.size) return null;
    this.sending = this.pending;
    this.pending = new Map();
    const marks = [...this.sending].map(([person, { value, fills }]) => ({
      person,
      status: value.status,
      late_minutes: value.late,
      left_minutes: value.left,
      excuse: value.excuse,
      seen: this.rows.get(person).revision,
      only_if_unmarked: fills,
    }));
    return { marks };
  }

  putBack() {
    for (const [person, mark] of this.sending) {
      this.lost.set(person, [...(this.lost.get(person) ?? []), mark.value]);
      if (!this.pending.has(person)) this.pending.set(person, mark);
    }
    this.sending = new Map();
  }

  give(answer) {
    const sent = this.sending;
    this.sending = new Map();
    for (const mark of answer.marks) this.settle(this.rows.get(mark.person), mark, sent.get(mark.person));
  }

  settle(row, mark, { value: mine }) {
    if (mark.outcome === "refused") return this.refuse(row, mine, mark.reason);
    const theirs = valueOf(mark);
    const ours = (this.lost.get(row.person) ?? []).some((value) => same(value, theirs));
    this.lost.delete(row.person);
    const tappedMeanwhile = this.pending.has(row.person);
    // What somebody else saved counts as seen only once it was shown; until then the next save asks again.
    if (mark.outcome === "conflict" && !ours && tappedMeanwhile) return;
    row.revision = mark.revision;
    row.saved = theirs;
    if (tappedMeanwhile) return;
    row.wait(false);
    if (mark.outcome === "not_expected") row.refuse();
    else if (mark.outcome !== "conflict") row.show(theirs);
    else if (ours) this.put(row, mine);
    else this.ask(row, mine, theirs, mark);
  }

  // The server has its older mark, and the row says that one; what was refused never comes back by Undo.
  refuse(row, value, reason) {
    this.lost.delete(row.person);
    this.refused.push([row, value]);
    if (this.pending.has(row.person)) return;
    row.wait(false);
    row.reason = reason; // keeps the fields as they were typed
    row.show(row.saved);
    row.tell(reason);
  }

  wasRefused(row, value) {
    return this.refused.some(([other, old]) => other === row && same(old, value));
  }

  ask(row, mine, theirs, { by, at, mine: byMe }) {
    row.show(theirs);
    const { words } = this;
    const answers = {
      theirs: { status: theirs.status, word: wholeWordOf(words, theirs), who: `${byMe ? words.you : by}, ${at}` },
      mine: { status: mine.status, word: wholeWordOf(words, mine), who: `${words.you}, ${this.clock()}` },
    };
    const question = ask((text) => text.replace("{name}", row.name), answers, this.signs, (which) => {
      this.asked.delete(row.person);
      if (which === "mine") this.put(row, mine);
      row.find(".name").focus();
      this.changed();
    });
    this.asked.set(row.person, question);
  }
}
