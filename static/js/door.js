// The screen at the door: the next code when this one is over, and a plain word when it does not come.
import { fetchPage } from "./_fetched.js";

const AGAIN = 3000;
const STALE = 30000; // a code is taken for as long again as it is shown

const screen = document.getElementById("door");
const stuck = document.getElementById("stuck");
let timer = null;
let staleAt = 0;

const wait = () => {
  const turnsIn = document.getElementById("code").dataset.turnsIn;
  clearTimeout(timer);
  if (turnsIn === undefined) return; // it is over
  staleAt = Date.now() + Number(turnsIn) * 1000 + STALE;
  timer = setTimeout(renew, Number(turnsIn) * 1000 + 100);
};

const renew = async () => {
  clearTimeout(timer);
  const code = (await fetchPage(screen.dataset.page).catch(() => null))?.getElementById("code");
  stuck.hidden = Boolean(code);
  if (code) {
    document.getElementById("code").replaceWith(code);
    wait();
    return;
  }
  document.getElementById("code").hidden = Date.now() > staleAt; // nobody is let in by it any more
  timer = setTimeout(renew, AGAIN);
};

// A device that slept shows an old code.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && timer) renew();
});
wait();
