// What the sheet's script says. The sentences come translated from the page; here they only get their numbers.

const pad = (number) => String(number).padStart(2, "0");
const MINUTES_OF_A_DAY = 24 * 60;

export const readWords = (form) => JSON.parse(form.dataset.words);

export const counted = ([one, many], number) => (number === 1 ? one : many).replace("{n}", number);

const minuteOfDay = (clock) => {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
};

// "19:50" for 40 minutes before an end at "20:30".
export const clockBeforeEnd = (words, minutes) => {
  const at = (minuteOfDay(words.end_clock) - minutes + MINUTES_OF_A_DAY) % MINUTES_OF_A_DAY;
  return `${pad(Math.floor(at / 60))}:${pad(at % 60)}`;
};

// The minutes before the end, or null for a time that is not within the session.
export const minutesBeforeEnd = (words, clock) => {
  if (!clock) return null;
  const minutes = (minuteOfDay(words.end_clock) - minuteOfDay(clock) + MINUTES_OF_A_DAY) % MINUTES_OF_A_DAY;
  return minutes > 0 && minutes < words.length ? minutes : null;
};

// Late by the clock, which is the server's: a phone's own may be wrong by a day.
export const lateNow = (words, now) => {
  const since = Math.floor((now - Date.parse(words.start)) / 60000);
  return now >= Date.parse(words.start) && now < Date.parse(words.end) ? Math.max(since, 1) : null;
};

// "7:50 PM".
export const asRead = (clock) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", timeZone: "UTC" })
    .format(new Date(`2000-01-01T${clock}Z`))
    .replace("\u202f", " ");

// What stands wrong in a field of a row, as a sentence; nothing for what can be saved. An emptied field is "unknown".
export const wrongIn = (words, { type, value, validity }) => {
  if (type === "radio" || type === "select-one") return "";
  if (validity.badInput) return type === "number" ? words.late_range : words.not_within;
  if (!value) return "";
  if (type === "time") return minutesBeforeEnd(words, value) === null ? words.not_within : "";
  const minutes = Number(value);
  return Number.isInteger(minutes) && minutes > 0 && minutes < words.length ? "" : words.late_range;
};

export const wordOf = (words, { status, late, left }) => {
  const word = words.statuses[status ?? "unmarked"];
  if (late) return words.minutes.replace("{status}", word).replace("{minutes}", late);
  if (!left) return word;
  return words.time.replace("{status}", word).replace("{time}", asRead(clockBeforeEnd(words, left)));
};

// With why somebody is excused: the row itself, which others may see, never says that.
export const wholeWordOf = (words, value) => {
  const word = wordOf(words, value);
  if (!value.excuse) return word;
  return words.time.replace("{status}", word).replace("{time}", words.excuses[value.excuse]);
};
