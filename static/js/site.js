// Loaded by every page. Without it every page still reads and every form still works.
import "htmx.org";
import { keepFocus } from "./_focus.js";
import { sayBusy } from "./_busy.js";
import { offerCopying } from "./_copy.js";
import { offerPrinting } from "./_print.js";
import { showToasts } from "./_toast.js";
import { stayOnThePage } from "./_swaps.js";

stayOnThePage();
keepFocus();
sayBusy();
offerCopying(document);
offerPrinting(document);
showToasts(document);
