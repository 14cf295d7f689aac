// Somebody signed out without a network: the server hears of it before anything else is asked of it or shown. It is
// over when the server sends whoever asks for their own page to the sign-in; any other answer may come from a proxy.
import { drop, get, isThere } from "./_kept_db.js";

const PATIENCE = 10000;
const HEADERS = { "Content-Type": "application/x-www-form-urlencoded" };
const TOKEN = /name="csrf_token" value="([^"]+)"/;

const ask = (url, options) =>
  fetch(url, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });

// Nobody is there to answer whether they are sure: they left.
const leave = ({ action, body }, more = {}) => {
  const fields = new URLSearchParams(body);
  for (const [name, value] of Object.entries({ sure: "yes", ...more })) fields.set(name, value);
  return ask(action, { method: "POST", headers: HEADERS, body: fields.toString() });
};

// The token of a form of whoever is signed in; none if nobody is.
const tokenNow = async () => {
  const answer = await ask("/me");
  if (answer.type === "opaqueredirect") return null;
  if (!answer.ok) throw new Error("The server is away.");
  return (await answer.text()).match(TOKEN)?.[1] ?? "";
};

// Rejects as long as the server takes this browser for signed in, or does not say.
export const sayGoodbye = () =>
  navigator.locks.request("kept-goodbye", async () => {
    const leaving = (await isThere()) && (await get("device", "leaving"));
    if (!leaving) return;
    await leave(leaving);
    const csrf_token = await tokenNow();
    if (csrf_token !== null) {
      await leave(leaving, { csrf_token }); // the token was an old one
      if ((await tokenNow()) !== null) throw new Error("The server still takes this browser for signed in.");
    }
    await drop("device", "leaving");
  });
