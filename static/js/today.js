// A facilitator's first page: the sheets of the next days are put on the phone, and what waits there goes out.
import { canKeep } from "./_kept_device.js";
import { keepFresh, registerWorker } from "./_kept_time.js";
import { forget, toTell } from "./_kept_outbox.js";
import { startSummary } from "./_kept_summary.js";

const begin = async () => {
  // What is kept for the coordinator the page itself says, for as long as it is; the phone said it before it knew.
  await forget((await toTell()).filter(({ kind }) => kind === "kept"));
  keepFresh(startSummary(document.getElementById("on-this-phone")));
  registerWorker();
};

if (await canKeep()) begin();
