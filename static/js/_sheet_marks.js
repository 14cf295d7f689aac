// The marks of one sheet, person by person: what waits, what the server said, and what it asks.
import { forget, newItem } from "./_kept_outbox.js";
import { ask } from "./_sheet_questions.js";
import { same } from "./_sheet_row.js";
import { wholeWordOf } from "./_sheet_words.js";

const valueOf = (mark) => ({ status: mark.status, late: mark.late_minutes, left: mark.left_minutes, excuse: mark.excuse });

export class Marks {
  constructor(sheet, rows, { words, signs, clock, keep, changed }) {
    Object.assign(this, { sheet, words, signs, clock, keep, changed });
    this.rows = new Map(rows.map((row) => [row.person, row]));
    this.pending = new Map(); // what was last put, by person
    this.asked = new Map();
    this.refused = [];
  }

  takes(item) {
    return Boolean(item.person);
  }

  get waiting() {
    return this.pending.size;
  }

  // What was typed and cannot be saved: it stops nobody else's mark.
  get wrong() {
    return [...this.rows.values()].filter((row) => row.reason);
  }

  get questions() {
    return this.asked.size;
  }

  // `fills`: only if nobody marked the person meanwhile (All present, Rest absent).
  put(changes, fills = false) {
    this.keep(changes.map(([row, value]) => this.made(row, value, row.revision, fills)));
  }

  made(row, value, seen, fills = false) {
    const { status, late: late_minutes, left: left_minutes, excuse } = value;
    const fields = { sheet: this.sheet, person: row.person, status, late_minutes, left_minutes, excuse };
    row.tell("");
    return this.hold(row, newItem({ ...fields, seen, only_if_unmarked: fills }));
  }

  hold(row, item) {
    row?.show(valueOf(item));
    row?.wait(true);
    this.pending.set(item.person, item);
    return item;
  }

  restore(item) {
    if (!this.pending.has(item.person)) this.hold(this.rows.get(item.person), item);
  }

  // What somebody else marked, or a member who came in by themselves. A row that waits is decided by its own save.
  arrive(mark) {
    const row = this.rows.get(mark.person);
    const isBusy = this.pending.has(mark.person) || this.asked.has(mark.person);
    if (!row || isBusy || row.reason || mark.revision <= row.revision) return;
    row.revision = mark.revision;
    row.saved = valueOf(mark);
    row.show(row.saved);
  }

  settle(item, result) {
    const row = this.rows.get(item.person);
    const before = this.pending.get(item.person);
    const tappedMeanwhile = before !== undefined && before.uid !== item.uid;
    if (!tappedMeanwhile) this.pending.delete(item.person);
    if (!row) return;
    if (result.outcome === "refused") return this.refuse(row, valueOf(item), result.reason);
    // What somebody else saved counts as seen only once it was shown; until then the next save asks again.
    if (tappedMeanwhile && result.outcome === "conflict") return;
    if (result.outcome === "kept") return tappedMeanwhile || this.putBack(row);
    row.revision = result.revision;
    row.saved = valueOf(result);
    if (tappedMeanwhile) return;
    row.wait(false);
    if (result.outcome === "not_expected") row.refuse();
    else if (result.outcome === "conflict") this.ask(row, item, result);
    else row.show(row.saved);
  }

  // It is the coordinator's to decide now; the row says what the server has.
  putBack(row) {
    row.wait(false);
    row.show(row.saved);
  }

  // The server has its older mark, and the row says that one; what was refused never comes back by Undo.
  refuse(row, value, reason) {
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

  // What came back while another page was open, or none.
  recall(note) {
    const { kind, mine, result } = note;
    const row = this.rows.get(mine.person);
    if (!row || this.pending.has(mine.person)) return;
    if (kind === "refused") this.refuse(row, valueOf(mine), result.reason);
    if (kind !== "question") return;
    if (same(valueOf(mine), row.value)) forget([note]);
    else if (result.revision === row.revision) this.ask(row, mine, result);
    else this.keep([this.made(row, valueOf(mine), mine.seen)]); // changed since: the server says what stands now
  }

  ask(row, item, result) {
    const [mine, theirs] = [valueOf(item), valueOf(result)];
    row.show(theirs);
    this.asked.get(row.person)?.remove();
    const { words } = this;
    const answers = {
      theirs: { status: theirs.status, word: wholeWordOf(words, theirs), who: `${result.mine ? words.you_elsewhere : result.by}, ${result.at}` },
      mine: { status: mine.status, word: wholeWordOf(words, mine), who: `${words.you}, ${this.clock(item.made_at)}` },
    };
    const question = ask((text) => text.replace("{name}", row.name), answers, this.signs, (which) => {
      this.asked.delete(row.person);
      if (which === "mine") this.put([[row, mine]]);
      else forget([{ where: `${this.sheet}/${row.person}` }]);
      row.find(".name").focus();
      this.changed();
    });
    this.asked.set(row.person, question);
  }
}
