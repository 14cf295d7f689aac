// What ical.js lists of calendars: node read-with-ical.mjs FOLDER BEGIN END, both instants like 2026-08-03T00:00:00Z.
// Prints {name: [[start, end, title, status], …]} of all .ics files in FOLDER, zones as each file itself tells them.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import ICAL from "ical.js";

const [folder, begin, end] = process.argv.slice(2);
const [earliest, latest] = [Date.parse(begin), Date.parse(end)];
// An instance may be moved ahead of the span from after it, so the rule is followed for longer than that.
const FURTHEST_MOVED = 60 * 24 * 3600 * 1000;

const instant = (time) => time.toJSDate().getTime();

function* instances(event) {
  if (!event.isRecurring()) {
    yield { startDate: event.startDate, endDate: event.endDate, item: event };
    return;
  }
  const following = event.iterator();
  for (let next = following.next(); next && instant(next) < latest + FURTHEST_MOVED; next = following.next()) {
    yield event.getOccurrenceDetails(next);
  }
}

function listed(file) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  const all = calendar.getAllSubcomponents("vevent");
  const exceptions = all.filter((part) => part.hasProperty("recurrence-id"));
  const uid = (part) => part.getFirstPropertyValue("uid");
  return all
    .filter((part) => !part.hasProperty("recurrence-id"))
    .flatMap((part) => [
      ...instances(new ICAL.Event(part, { exceptions: exceptions.filter((each) => uid(each) === uid(part)) })),
    ])
    .filter(({ startDate }) => earliest <= instant(startDate) && instant(startDate) < latest)
    .map(({ startDate, endDate, item }) => [
      new Date(instant(startDate)).toISOString(),
      new Date(instant(endDate)).toISOString(),
      item.summary,
      item.component.getFirstPropertyValue("status"),
    ]);
}

const files = readdirSync(folder).filter((name) => name.endsWith(".ics"));
console.log(JSON.stringify(Object.fromEntries(files.map((name) => [basename(name, ".ics"), listed(join(folder, name))]))));
