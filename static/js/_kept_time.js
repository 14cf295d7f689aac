// When something of this device is done without anybody asking: on opening a page, and while it stays open.
import { me, wipeOthers } from "./_kept_device.js";
import { sendAll } from "./_kept_sending.js";
import { refresh } from "./_kept_wire.js";

const EVERY = 15 * 60 * 1000;

export const viewer = Number(document.body.dataset.viewer ?? 0);

// Sheets are fetched now and every quarter of an hour, and what waits goes out; `then` is told what came of it.
export const keepFresh = (then = () => {}) => {
  const fresh = async () => {
    await wipeOthers(viewer);
    const said = await refresh();
    await sendAll();
    await then(said);
  };
  setInterval(fresh, EVERY);
  window.addEventListener("online", fresh);
  return fresh();
};

export const registerWorker = () => navigator.serviceWorker?.register("/sw.js");

// Whether this device keeps sheets of whoever looks; the first time it has to be asked for.
export const isReady = async () => {
  await wipeOthers(viewer);
  return Boolean((await me())?.person === viewer || (await refresh()).answer?.person === viewer);
};
