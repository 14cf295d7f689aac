// The three requests. What comes of each is said plainly; nothing counts but a clear yes.
import { all, change, drop, isThere } from "./_kept_db.js";
import { keepMe, me, ticketOf, using, wipe } from "./_kept_device.js";
import { sayGoodbye } from "./_kept_goodbye.js";
import { lock, newKey } from "./_kept_locks.js";

const PATIENCE = 20000;
const BOXES = 50; // the server takes so many at once
const WHY = { 400: "old_token", 404: "gone", 410: "ended" };

let csrf = ""; // no page but the answer with the sheets brings one: the page without a network has none

const ask = async (url, options) => {
  try {
    await sayGoodbye();
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    if (response.redirected) return { why: "signed_out" };
    if (response.ok) return { answer: await response.json() };
    if (response.status === 422) return { why: "refused", text: (await response.json()).error };
    return { why: WHY[response.status] ?? "no_answer" };
  } catch {
    return { why: "no_signal" };
  }
};

const post = (url, body, headers = {}, more = {}) =>
  ask(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
    ...more,
  });

// Fetches the sheets of the next hours, and what this device is to the server; `anew` asks for another ticket.
export const refresh = async (anew = false) => {
  const known = await me();
  const ticket = known && !anew ? (await ticketOf(known)).ticket : "";
  const said = await ask("/facilitator/device/sheets", { headers: { Accept: "application/json", "X-Device": ticket } });
  if (said.why === "ended" || said.why === "gone") await wipe();
  if (said.why === "signed_out") await wipeEnded();
  if (!said.answer) return said;
  csrf = said.answer.csrf;
  const before = await me();
  if (before && before.person !== said.answer.person) await wipe();
  await using(() => keep(said.answer));
  return said;
};

// A sign-in that expired leaves the sheets here; one that was ended with this device does not.
export const wipeEnded = async () => {
  const mine = await me();
  if (!mine) return;
  const headers = { Accept: "application/json", "X-Device": (await ticketOf(mine)).ticket };
  const { answer } = await ask("/kept/ended", { headers, credentials: "omit" });
  if (answer?.ended) await wipe();
};

const keep = async (answer) => {
  const key = (await me())?.key ?? (await newKey());
  const record = await keepMe(key, answer);
  const sheets = await Promise.all(answer.sheets.map(async (sheet) => ({ id: sheet.id, ...(await lock(key, sheet)) })));
  await change(["device", "sheets"], (device, kept) => {
    device.put(record, "me");
    kept.clear();
    for (const sheet of sheets) kept.put(sheet);
  });
};

export const token = async () => csrf || ((await refresh()), csrf);

// Sends a batch; a token or a ticket that is old by now is renewed once. `bodyFor` takes a newer ticket.
export const sync = async (bodyFor) => {
  const send = (ticket) => post("/facilitator/device/sync", bodyFor(ticket), { "X-CSRFToken": csrf });
  let said = csrf ? await send() : { why: "old_token" };
  if (said.why === "old_token" || said.why === "ended") {
    const renewed = await refresh(said.why === "ended");
    if (!renewed.answer) return renewed;
    said = await send(renewed.answer.ticket);
  }
  if (said.why === "gone") await wipe(); // nobody here takes sheets any more: what waits is sealed, and goes out so
  return said;
};

// What was sealed goes out whoever is signed in, or nobody.
export const sendSealed = () =>
  navigator.locks.request("kept-sealed", async () => {
    if (!(await isThere())) return;
    for (let boxes = await all("sealed"); boxes.length; boxes = await all("sealed")) {
      const sent_at = new Date().toISOString();
      const sealed = boxes.slice(0, BOXES).map((box) => ({ ...box, sent_at }));
      const said = await post("/sealed", { sealed }, {}, { credentials: "omit" });
      if (!said.answer?.taken.length) return;
      await drop("sealed", ...said.answer.taken);
    }
  });
