// Whose sheets are on this device: one person's at a time. They go when that person signs out, when somebody else
// signs in, and after their time; what the server does not have yet is sealed first.
import { all, change, drop, get, isThere } from "./_kept_db.js";
import { lock, newKey, seal, unlock } from "./_kept_locks.js";
import { tell } from "./_kept_news.js";

const LOCK = "kept";
const PATIENCE = 3000;
const A_BATCH = 400; // the server takes 500 at once

// The record: { person, key, until, skew, iv, box }; locked in it { ticket, server: { key, key_id } }.
export const me = async () => ((await isThere()) ? await get("device", "me") : undefined);

const later = (pause) => new Promise((resolve) => setTimeout(resolve, pause, false));

const stores = async () => {
  if (await me()) return true;
  const key = await newKey();
  await change("device", (device) => void device.put(key, "probe"));
  await drop("device", "probe");
  return true;
};

// Whether this browser stores what is locked, and the key: some private windows store nothing, or never answer.
export const canKeep = async () => window.isSecureContext && Promise.race([stores().catch(() => false), later(PATIENCE)]);

// While somebody writes, nobody is wiped; `alone` excludes everybody else.
export const using = (act, alone = false) => navigator.locks.request(LOCK, { mode: alone ? "exclusive" : "shared" }, act);

export const ticketOf = async (mine) => unlock(mine.key, mine);

export const keepMe = async (key, { person, ticket, key: server, key_id, now, until }) => ({
  person,
  key,
  until: Date.parse(until),
  skew: Date.parse(now) - Date.now(), // a phone's own clock may be wrong by a day
  ...(await lock(key, { ticket, server: { key: server, key_id } })),
});

// What the server must still hear: all that waits, and what it asked about and nobody answered.
const unsent = async ({ key }) => {
  const waiting = await Promise.all((await all("outbox")).map((item) => unlock(key, item)));
  const told = await Promise.all((await all("told")).map((one) => unlock(key, one)));
  const asked = told.filter(({ kind }) => kind === "question");
  return [...waiting, ...asked.map(({ mine }) => ({ ...mine, uid: crypto.randomUUID() }))];
};

export const inBatches = (items) =>
  Array.from({ length: Math.ceil(items.length / A_BATCH) }, (_, n) => items.slice(n * A_BATCH, (n + 1) * A_BATCH));

// The server orders what one person did by when it was done, and a phone's clock may have been set back in between. The
// title of the session is for this phone only.
const inOrder = (items, now) => {
  const latest = new Map();
  const dated = [...items].reverse().map(({ title, ...item }) => {
    const about = `${item.sheet}/${item.person ?? item.what}`;
    const made = Math.min(Date.parse(item.made_at), latest.get(about) ?? now);
    latest.set(about, made - 1);
    return { ...item, made_at: new Date(made).toISOString() };
  });
  return dated.reverse();
};

export const bodyOf = (ticket, items) => {
  const now = Date.now();
  const dated = inOrder(items, now);
  return {
    ticket,
    sent_at: new Date(now).toISOString(),
    marks: dated.filter(({ person }) => person),
    numbers: dated.filter(({ what }) => what && what !== "walk_in"),
    walk_ins: dated.filter(({ what }) => what === "walk_in"),
  };
};

// Seals what waits, and forgets everything else: names, marks, the key.
export const wipe = () =>
  using(async () => {
    const mine = await me();
    if (!mine) return;
    const { ticket, server } = await ticketOf(mine);
    const batches = inBatches(await unsent(mine)).map((items) => seal(server, bodyOf(ticket, items)));
    const boxes = await Promise.all(batches);
    await change(["device", "sheets", "outbox", "told", "sealed"], (device, sheets, outbox, told, sealed) => {
      for (const box of boxes) sealed.put(box);
      device.delete("me");
      for (const store of [sheets, outbox, told]) store.clear();
    });
    tell({ wiped: true });
  }, true);

// To be asked wherever a page opens: their time is over, or `viewer` is somebody else.
export const wipeOthers = async (viewer) => {
  const mine = await me();
  if (mine && ((viewer && mine.person !== viewer) || Date.now() + mine.skew > mine.until)) await wipe();
};
