// The sheet. Without this every button is a form and works; with it a tap shows at once, is kept on the device and saved
// behind it. By plain http from another machine a browser locks nothing, and the forms stay.
import { isReady, keepFresh, registerWorker, viewer } from "./_kept_time.js";
import { startCounting } from "./_sheet_heads.js";
import { startMarking } from "./_sheet_names.js";

const device = { viewer, ready: isReady };

if (window.isSecureContext) {
  const names = document.getElementById("sheet");
  if (names) startMarking(names, device);

  const heads = document.getElementById("count");
  if (heads) startCounting(heads, device);

  keepFresh();
  registerWorker();
}
