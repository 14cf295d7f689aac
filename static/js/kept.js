// The page that stands in for a facilitator's pages without a network. The address says which: a sheet, or the list.
import { all, get } from "./_kept_db.js";
import { me, wipeOthers } from "./_kept_device.js";
import { copyOf } from "./_kept_fill.js";
import { unlock } from "./_kept_locks.js";
import { listen } from "./_kept_news.js";
import { phaseOf, showSheet } from "./_kept_sheet.js";
import { startSummary } from "./_kept_summary.js";
import { keepFresh } from "./_kept_time.js";

const inZone = (timeZone, how) => new Intl.DateTimeFormat(document.documentElement.lang, { ...how, timeZone });

const lineOf = (sheet, now) => {
  const starts = Date.parse(sheet.starts_at);
  const [{ name }] = sheet.rows.length === 1 ? sheet.rows : [{}];
  const copy = copyOf("a-line", {
    ...sheet,
    title: name ? `${sheet.title}, ${name}` : sheet.title, // three talks of a day would read alike
    day: inZone(sheet.zone, { weekday: "long", month: "long", day: "numeric" }).format(starts),
    time: inZone(sheet.zone, { timeStyle: "short" }).format(starts).replace("\u202f", " "),
    href: `/facilitator/sheets/${sheet.id}`,
  });
  copy.querySelectorAll("[data-phase]").forEach((said) => (said.hidden = said.dataset.phase !== phaseOf(sheet, now)));
  return copy;
};

const showList = async (mine) => {
  const summary = startSummary(document.getElementById("on-this-phone"));
  const sealed = mine ? [] : await all("sealed");
  const sheets = mine ? await Promise.all((await all("sheets")).map((one) => unlock(mine.key, one))) : [];
  sheets.sort((a, b) => a.starts_at.localeCompare(b.starts_at));
  document.getElementById("sealed").hidden = !sealed.length;
  document.getElementById("nothing").hidden = sheets.length + sealed.length > 0;
  const section = document.getElementById("kept-sheets");
  section.hidden = !sheets.length && !sealed.length;
  section.querySelector("ul").hidden = !sheets.length;
  section.querySelector("ul").append(...sheets.map((sheet) => lineOf(sheet, Date.now() + mine.skew)));
  return summary;
};

const begin = async () => {
  await wipeOthers(0);
  const mine = await me();
  const [, id] = location.pathname.match(/^\/facilitator\/sheets\/(\d+)/) ?? [];
  const found = mine && id && (await get("sheets", Number(id)));
  listen(({ wiped }) => wiped && location.reload());
  if (found) showSheet(await unlock(mine.key, found), mine);
  const say = found ? () => {} : await showList(mine);
  keepFresh((said) => (said.answer && !mine ? location.reload() : say(said)));
};

if (window.isSecureContext) begin();
