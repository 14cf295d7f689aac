// A facilitator's first page: the sheets of the next days are put on the phone, and what waits there goes out.
import { keepFresh, registerWorker } from "./_kept_time.js";
import { startSummary } from "./_kept_summary.js";

if (window.isSecureContext) {
  keepFresh(startSummary(document.getElementById("on-this-phone")));
  registerWorker();
}
