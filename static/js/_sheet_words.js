// What the sheet's script says. The sentences come translated from the page; here they only get their numbers.

export const readWords = (form) => JSON.parse(form.dataset.words);

export const counted = ([one, many], number) => (number === 1 ? one : many).replace("{n}", number);

const wallClock = ({ zone: timeZone }) =>
  new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

// "19:50" for 40 minutes before an end at 8:30 PM; on the nights when the clocks change so many real minutes, too.
export const clockBeforeEnd = (words, minutes) => wallClock(words).format(Date.parse(words.end) - minutes * 60000);

// The minutes before the end, or null for a time that is not within the session. Of two such times it is the first.
export const minutesBeforeEnd = (words, clock) => {
  const [face, end] = [wallClock(words), Date.parse(words.end)];
  for (let minutes = words.length - 1; minutes > 0; minutes -= 1) {
    if (face.format(end - minutes * 60000) === clock) return minutes;
  }
  return null;
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
