// Sends what waits, one request at a time, and tries again until the server has it. The line above the names says
// where everything is.
import { counted } from "./_sheet_words.js";
import { post } from "./_sheet_post.js";

const PAUSE = 500; // a second tap on the same name within it is one save, not two
const LONGEST_PAUSE = 30000;

export class Saver {
  // A channel has: url, waiting (how many), questions (how many), wrong (what cannot be
  // saved as typed), take() → body or null, give(answer), putBack().
  constructor(channels, { page, words, line, changed }) {
    Object.assign(this, { channels, page, words, line, changed, tries: 0, failed: null, savedAt: null });
    window.addEventListener("online", () => this.flush());
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting) event.returnValue = ""; // the browser asks in its own words
      if (this.waiting) event.preventDefault();
    });
  }

  get waiting() {
    return this.channels.reduce((sum, channel) => sum + channel.waiting, 0);
  }

  get questions() {
    return this.channels.reduce((sum, channel) => sum + channel.questions, 0);
  }

  get wrong() {
    return this.channels.flatMap((channel) => channel.wrong);
  }

  touch() {
    this.again(PAUSE);
    this.say();
  }

  again(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  // Resolves when nothing is on its way any more; what still waits then has failed.
  async flush() {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => (this.running = null));
    await this.running;
    this.say();
  }

  async run() {
    for (const channel of this.channels) {
      for (let body = channel.take(); body; body = channel.take()) {
        const { answer, why, final, text } = await post(channel.url, body, this.page);
        if (answer) {
          channel.give(answer);
          Object.assign(this, { tries: 0, failed: null, savedAt: answer.saved_at });
        } else {
          channel.putBack();
          this.failed = { why, text };
          if (!final) this.again(Math.min(1000 * 2 ** ++this.tries, LONGEST_PAUSE));
          return;
        }
        this.say();
      }
    }
  }

  say() {
    const { words, waiting, wrong, questions, failed, savedAt } = this;
    if (waiting && failed) this.line("wait", "offline", words[failed.why], failed.text ?? counted(words.wait, waiting));
    else if (waiting) this.line("wait", "saved", "", words.saving);
    else if (wrong.length) this.line("need", "alert", words.needs, counted(words.unfit, wrong.length));
    else if (questions) this.line("need", "alert", words.needs, counted(words.questions, questions));
    else if (savedAt) this.line("", "saved", words.saved, "", savedAt);
    else this.line.asItCame();
    this.changed();
  }
}
