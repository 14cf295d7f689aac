// Somebody signed out without a network: the server hears of it before anything else is asked of it or shown.
import { drop, get, isThere } from "./_kept_db.js";

export const sayGoodbye = async () => {
  const leaving = (await isThere()) && (await get("device", "leaving"));
  if (!leaving) return;
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  await fetch(leaving.action, { method: "POST", headers, body: leaving.body, redirect: "manual" });
  await drop("device", "leaving");
};
