// Sends what waits, one page of the device at a time, until the server has it.
import { bodyOf, inBatches, wipe } from "./_kept_device.js";
import { tell } from "./_kept_news.js";
import { take } from "./_kept_outbox.js";
import { settle } from "./_kept_settling.js";
import { sendSealed, sync } from "./_kept_wire.js";

const sendBatch = async (ticket, items) => {
  const said = await sync((current) => bodyOf(current ?? ticket, items));
  if (!said.answer) return said;
  const byUid = new Map(items.map((item) => [item.uid, item]));
  const results = said.answer.results.map((result) => ({ item: byUid.get(result.uid), result })).filter(({ item }) => item);
  await settle(results);
  tell({ results, saved_at: said.answer.saved_at });
  if (said.answer.ended) await wipe();
  return results.length ? {} : { why: "no_answer" }; // what was not decided still waits
};

const sendRounds = async () => {
  for (let { items, ticket } = await take(); items.length; { items, ticket } = await take()) {
    for (const batch of inBatches(items)) {
      const failed = await sendBatch(ticket, batch);
      if (failed.why) return failed;
    }
  }
  return {};
};

// Resolves to {} when nothing waits any more, or to { why, text }.
export const sendAll = async () => {
  await sendSealed();
  const failed = await navigator.locks.request("kept-sending", sendRounds);
  if (failed.why) tell({ failed });
  return failed;
};
