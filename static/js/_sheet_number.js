// A number that waits for the server: guests without a name, or the people in the room.
import { forget, newItem } from "./_kept_outbox.js";
import { ask } from "./_sheet_questions.js";

export class Counted {
  // `what`: walk_ins or headcount.
  constructor(sheet, what, saved, { title, words, signs, clock, show, keep, changed, saidBy }) {
    Object.assign(this, { sheet, what, saved, title, words, signs, clock, show, keep, changed, saidBy });
    Object.assign(this, { number: saved, pending: null, asked: null, wrong: [] });
  }

  takes(item) {
    return item.what === this.what;
  }

  get waiting() {
    return this.pending ? 1 : 0;
  }

  get questions() {
    return this.asked ? 1 : 0;
  }

  say(number) {
    this.number = number;
    this.wrong = [];
    this.show(number);
  }

  put(number) {
    this.say(number);
    this.pending = newItem({ sheet: this.sheet, what: this.what, number, seen: this.saved });
    this.keep([this.pending]);
  }

  restore(item) {
    if (this.pending) return;
    this.say(item.number);
    this.pending = item;
  }

  settle(item, result) {
    const tappedMeanwhile = this.pending && this.pending.uid !== item.uid;
    if (tappedMeanwhile && result.outcome === "conflict") return;
    if (!tappedMeanwhile) this.pending = null;
    if (result.outcome !== "refused" && result.outcome !== "kept") {
      this.saved = result.number;
      this.saidBy?.(result.last_saved);
    }
    if (tappedMeanwhile || this.wrong.length) return;
    this.say(this.saved);
    if (result.outcome === "conflict") this.ask(item, result);
  }

  recall(note) {
    const { kind, mine, result } = note;
    if (kind !== "question" || this.pending) return;
    if (mine.number === this.saved) forget([note]);
    else if (result.number === this.saved) this.ask(mine, result);
    else this.put(mine.number);
  }

  ask(item, { number, by, at, mine: byMe }) {
    const answers = {
      theirs: { word: String(number), who: `${byMe ? this.words.you_elsewhere : by}, ${at}` },
      mine: { word: String(item.number), who: `${this.words.you}, ${this.clock(item.made_at)}` },
    };
    this.asked?.remove();
    this.asked = ask(() => this.title, answers, this.signs, (which) => {
      this.asked = null;
      if (which === "mine") this.put(item.number);
      else forget([{ where: `${this.sheet}/${this.what}` }]);
      this.changed();
    });
  }
}
