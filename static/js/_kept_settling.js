// The server has decided: what it decided leaves the outbox, in one step with what is to be told and with the sheet
// that this device shows without a network.
import { change, get } from "./_kept_db.js";
import { me, using } from "./_kept_device.js";
import { lock, unlock } from "./_kept_locks.js";
import { whereOf } from "./_kept_outbox.js";

const NEEDS = { conflict: "question", refused: "refused", kept: "kept", not_expected: "not_expected" };

const noteMark = (row, { status, late_minutes, left_minutes, excuse, revision }) =>
  Object.assign(row, { status, late_minutes, left_minutes, excuse, revision });

const noteWalkIn = (sheet, { name, status, late_minutes, left_minutes }, { walk_in: id }) => {
  if (!sheet.walked_in.some((one) => one.id === id)) sheet.walked_in.push({ id, name, status, late_minutes, left_minutes });
};

const note = (sheet, item, result) => {
  const { person, what } = item;
  if (result.outcome === "refused" || result.outcome === "kept") return;
  if (what === "walk_in") return noteWalkIn(sheet, item, result);
  if (what) sheet[what] = result.number;
  const row = sheet.rows.find((one) => one.person === person);
  if (row && result.outcome !== "not_expected") noteMark(row, result);
};

const openSheets = async (key, results) => {
  const ids = [...new Set(results.map(({ item }) => item.sheet))];
  const found = (await Promise.all(ids.map((id) => get("sheets", id)))).filter(Boolean);
  return new Map(await Promise.all(found.map(async (one) => [one.id, await unlock(key, one)])));
};

export const settle = (results) =>
  using(async () => {
    const mine = await me();
    if (!mine) return;
    const sheets = await openSheets(mine.key, results);
    const notes = new Map();
    for (const { item, result } of results) {
      const sheet = sheets.get(item.sheet);
      if (sheet) note(sheet, item, result);
      const [where, kind] = [whereOf(item), NEEDS[result.outcome]];
      notes.delete(where);
      if (kind) notes.set(where, { kind, where, sheet: item.sheet, title: item.title, mine: item, result });
    }
    const said = await lockAll(mine.key, [...notes.values()], ({ where }) => ({ where }));
    const kept = await lockAll(mine.key, [...sheets.values()], ({ id }) => ({ id }));
    const decided = new Set(results.map(({ item }) => item.uid));
    await change(["outbox", "told", "sheets"], async (outbox, told, shown, answerOf) => {
      const before = await answerOf(outbox.getAll());
      const later = before.filter(({ uid }) => !decided.has(uid)).map(({ where }) => where);
      for (const { uid, n } of before) if (decided.has(uid)) outbox.delete(n);
      for (const one of said) if (!later.includes(one.where)) told.put(one); // the next save asks again
      for (const one of kept) shown.put(one);
    });
  });

const lockAll = (key, values, open) =>
  Promise.all(values.map(async (value) => ({ ...open(value), ...(await lock(key, value)) })));
