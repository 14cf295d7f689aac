// What waits for the server, and what came back and needs somebody. A mark is on the disk before anything is sent.
import { all, change } from "./_kept_db.js";
import { me, ticketOf, using } from "./_kept_device.js";
import { lock, unlock } from "./_kept_locks.js";

// What it is about: a newer one of the same takes its place. Each walk-in is somebody else.
export const whereOf = ({ sheet, person, what, uid }) => `${sheet}/${person ?? (what === "walk_in" ? uid : what)}`;

export const newItem = (fields) => ({ uid: crypto.randomUUID(), made_at: new Date().toISOString(), ...fields });

// An item is a mark { sheet, person, … }, a number { sheet, what, … } or a walk-in { sheet, what, name, … }, with the
// `title` of its session.
// Keeps items of `person`; one that was never sent gives way to a newer one of the same. False: somebody else's device.
export const keepItems = (person, items) =>
  using(async () => {
    const mine = await me();
    if (mine?.person !== person) return false;
    const locked = await Promise.all(
      items.map(async (item) => ({ uid: item.uid, where: whereOf(item), tried: false, ...(await lock(mine.key, item)) })),
    );
    await change(["outbox", "told"], async (outbox, told, answerOf) => {
      const unsent = (await answerOf(outbox.getAll())).filter(({ tried }) => !tried);
      const newest = new Map(locked.map((one) => [one.where, one]));
      for (const { n, where } of unsent) if (newest.has(where)) outbox.delete(n);
      for (const one of newest.values()) {
        outbox.put(one);
        told.delete(one.where); // whoever marks anew has answered
      }
    });
    return true;
  });

// Whether it never was sent, and is gone now.
export const takeBack = ({ uid }) =>
  change("outbox", async (outbox, answerOf) => {
    const found = (await answerOf(outbox.getAll())).find((one) => one.uid === uid && !one.tried);
    if (found) outbox.delete(found.n);
    return Boolean(found);
  });

const opened = async (store) => {
  const mine = await me();
  return mine ? Promise.all((await all(store)).map((one) => unlock(mine.key, one))) : [];
};

export const waiting = () => opened("outbox");

// { kind, where, sheet, title, mine, result }; kinds: question, refused, kept, not_expected.
export const toTell = () => opened("told");

export const forget = async (notes) =>
  notes.length && change("told", (told) => notes.forEach(({ where }) => told.delete(where)));

// All that waits, oldest first; from here on each of it may have reached the server, and is not taken back.
export const take = () =>
  using(async () => {
    const mine = await me();
    if (!mine || !(await all("outbox")).length) return { items: [] };
    const taken = await change("outbox", async (outbox, answerOf) => {
      const found = await answerOf(outbox.getAll());
      for (const one of found) outbox.put({ ...one, tried: true });
      return found;
    });
    const items = await Promise.all(taken.map((one) => unlock(mine.key, one)));
    return { items, ticket: (await ticketOf(mine)).ticket };
  });
