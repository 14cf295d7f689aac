// The sheet. Without this every button is a form and works; with it a tap shows at once, is kept on the device and saved
// behind it. Where the browser keeps nothing (a private window; plain http from another machine) the forms stay.
import { canKeep } from "./_kept_device.js";
import { isReady, keepFresh, registerWorker, viewer } from "./_kept_time.js";
import { startCounting } from "./_sheet_heads.js";
import { startMarking } from "./_sheet_names.js";

const start = () => {
  const device = { viewer, ready: isReady };
  const names = document.getElementById("sheet");
  if (names) startMarking(names, device);

  const heads = document.getElementById("count");
  if (heads) startCounting(heads, device);

  keepFresh();
  registerWorker();
};

// What is pressed before the answer is there is pressed a moment later: the forms would leave the page.
const pressed = [];
const hold = (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  pressed.push(button);
};

document.addEventListener("click", hold, true);
canKeep().then((can) => {
  document.removeEventListener("click", hold, true);
  if (can) start();
  else document.querySelector("[data-not-kept]").hidden = false;
  pressed.slice(0, can ? undefined : 1).forEach((button) => button.click());
});
