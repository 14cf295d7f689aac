// Puts marks on the device's disk and sends them from there, until the server has them. The line above the names says
// where everything is.
import { listen } from "./_kept_news.js";
import { keepItems, takeBack, toTell, waiting } from "./_kept_outbox.js";
import { sendAll } from "./_kept_sending.js";
import { counted } from "./_sheet_words.js";

const PAUSE = 500; // a second tap on the same name within it is one save, not two
const LONGEST_PAUSE = 30000;

export class Saver {
  // A channel has: takes(item), waiting (how many), questions (how many), wrong (what cannot be saved as typed),
  // settle(item, result), restore(item), recall(note). `ready`: asks whether the device keeps sheets of `viewer`.
  constructor(channels, { sheet, viewer, ready, words, line, changed, noted }) {
    Object.assign(this, { channels, sheet, viewer, ready, words, line, changed, noted });
    Object.assign(this, { tries: 0, failed: null, savedAt: null, unkept: [], keeping: Promise.resolve(), isFull: false });
    listen((news) => this.hear(news));
    window.addEventListener("online", () => this.flush());
    window.addEventListener("beforeunload", (event) => this.unkept.length && event.preventDefault());
  }

  sum(what) {
    return this.channels.reduce((sum, channel) => sum + channel[what], 0);
  }

  get waiting() {
    return this.sum("waiting");
  }

  get questions() {
    return this.sum("questions");
  }

  get wrong() {
    return this.channels.flatMap((channel) => channel.wrong);
  }

  // What was left on the device by an earlier page, and what came back since.
  async restore() {
    const mine = ({ sheet }) => sheet === this.sheet;
    for (const item of (await waiting()).filter(mine)) this.channelOf(item)?.restore(item);
    for (const note of (await toTell()).filter(mine)) this.recall(note);
    this.noted();
    if (this.waiting) this.flush();
    this.say();
  }

  channelOf(item) {
    return this.channels.find((channel) => channel.takes(item));
  }

  recall(note) {
    this.channelOf(note.mine)?.recall(note);
  }

  // Durable first; it is sent from the disk a moment later.
  keep(items) {
    const title = document.querySelector(".sheet-top h1").textContent;
    this.unkept.push(...items.map((item) => ({ ...item, title })));
    this.storeNext();
    this.again(PAUSE);
    this.say();
  }

  // What could not be stored stays on the page, and is tried again: the phone may be full.
  storeNext() {
    this.keeping = this.keeping
      .then(() => this.store())
      .then(() => (this.isFull = false))
      .catch(() => (this.isFull = true));
  }

  // The very first time on a device there is nothing yet to lock marks with, and they wait on the page for it.
  async store() {
    const items = [...this.unkept]; // what comes while these are stored is stored next
    if (!items.length || !(await this.ready())) return;
    this.wasReady = true;
    if (!(await keepItems(this.viewer, items))) return location.reload(); // somebody else is signed in by now
    this.unkept = this.unkept.filter((item) => !items.includes(item));
  }

  // Whether it waits nowhere any more; what may be on its way to the server is not taken back.
  async takeBack(item) {
    await this.keeping;
    const others = this.unkept.filter(({ uid }) => uid !== item.uid);
    const wasUnkept = others.length < this.unkept.length;
    this.unkept = others;
    return wasUnkept || takeBack(item);
  }

  again(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  // Resolves when nothing is on its way any more; what still waits then has failed.
  async flush() {
    clearTimeout(this.timer);
    this.running ??= this.run()
      .catch(() => this.fail({ why: "no_answer" })) // whatever it was, what waits is tried again
      .finally(() => (this.running = null));
    await this.running;
    this.say();
  }

  // Once more for what was put on the disk while the last of it was sent.
  async run() {
    for (let round = 0; round < 3; round++) {
      this.storeNext();
      await this.keeping;
      const failed = this.unkept.length ? { why: this.isFull ? "not_kept" : "no_signal" } : await sendAll();
      if (failed.why) return this.fail(failed);
      Object.assign(this, { tries: 0, failed: null });
      if (!this.waiting) return;
    }
    this.again(PAUSE);
  }

  fail(failed) {
    this.failed = failed;
    if (failed.why !== "refused") this.again(Math.min(1000 * 2 ** ++this.tries, LONGEST_PAUSE));
  }

  hear({ results = [], saved_at, failed, wiped }) {
    if (wiped && this.wasReady) return location.reload(); // signed out elsewhere, or somebody else came
    const mine = results.filter(({ item }) => item.sheet === this.sheet);
    for (const { item, result } of mine) this.channelOf(item)?.settle(item, result);
    if (mine.length) this.savedAt = mine.at(-1).result.saved_at ?? saved_at;
    if (results.length) this.failed = null;
    if (failed) this.failed = failed;
    if (mine.length) this.noted();
    this.say();
  }

  say() {
    const { words, waiting: n, wrong, questions, failed, savedAt } = this;
    const where = this.unkept.length ? words.wait_page : words.wait;
    if (n && failed) this.line("wait", "offline", words[failed.why] ?? words.no_answer, failed.text ?? counted(where, n));
    else if (n) this.line("wait", "saved", "", words.saving);
    else if (wrong.length) this.line("need", "alert", words.needs, counted(words.unfit, wrong.length));
    else if (questions) this.line("need", "alert", words.needs, counted(words.questions, questions));
    else if (savedAt) this.line("", "saved", words.saved, "", savedAt);
    else this.line.asItCame();
    this.changed();
  }
}
