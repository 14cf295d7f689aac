// Loaded by every page. Without it every page still reads and every form still works.
import "htmx.org";
import { keepFocus } from "./_focus.js";
import { sayBusy } from "./_busy.js";
import { offerCopying } from "./_copy.js";
import { wipeOthers } from "./_kept_device.js";
import { watchLeaving } from "./_kept_leaving.js";
import { sendSealed, wipeEnded } from "./_kept_wire.js";
import { offerPrinting } from "./_print.js";
import { showToasts } from "./_toast.js";
import { stayOnThePage } from "./_swaps.js";

stayOnThePage();
keepFocus();
sayBusy();
offerCopying(document);
offerPrinting(document);
showToasts(document);

// What another page left on this device: it goes when somebody else is signed in, its time is over, or the device was
// ended.
if (window.isSecureContext) {
  watchLeaving();
  const viewer = Number(document.body.dataset.viewer ?? 0);
  const tidy = async () => {
    await wipeOthers(viewer);
    if (!viewer) await wipeEnded();
  };
  tidy().then(sendSealed);
  window.addEventListener("online", sendSealed);
}
