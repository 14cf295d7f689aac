// A number that waits for the server: guests without a name, or the people in the room.
import { ask } from "./_sheet_questions.js";

export class Counted {
  constructor(url, saved, { title, words, signs, clock, show, changed, saidBy }) {
    Object.assign(this, { url, saved, title, words, signs, clock, show, changed, saidBy });
    Object.assign(this, { number: saved, sending: null, lost: [], asked: null, wrong: [] });
  }

  get waiting() {
    return this.asked || this.number === this.saved ? 0 : 1;
  }

  get questions() {
    return this.asked ? 1 : 0;
  }

  put(number) {
    this.number = number;
    this.wrong = [];
    this.show(number);
  }

  take() {
    if (!this.waiting || this.number === null) return null;
    this.sending = this.number;
    return { number: this.number, seen: this.saved };
  }

  putBack() {
    this.lost.push(this.sending);
  }

  give(answer) {
    const ours = this.lost.includes(answer.number);
    const mine = this.number;
    const tappedMeanwhile = this.number !== this.sending;
    this.saved = answer.number;
    this.saidBy?.(answer.last_saved);
    this.lost = [];
    if (answer.outcome !== "conflict" || ours) {
      if (!tappedMeanwhile && !ours && !this.wrong.length) this.put(answer.number);
      return;
    }
    this.put(answer.number);
    this.ask(mine, answer);
  }

  ask(mine, { number, by, at, mine: byMe }) {
    const answers = {
      theirs: { word: String(number), who: `${byMe ? this.words.you : by}, ${at}` },
      mine: { word: String(mine), who: `${this.words.you}, ${this.clock()}` },
    };
    this.asked = ask(() => this.title, answers, this.signs, (which) => {
      this.asked = null;
      if (which === "mine") this.put(mine);
      this.changed();
    });
  }
}
