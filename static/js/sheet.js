// The sheet. Without this every button is a form and works; with it a tap shows at once and is saved behind it.
import { startCounting } from "./_sheet_heads.js";
import { startMarking } from "./_sheet_names.js";

const names = document.getElementById("sheet");
if (names) startMarking(names);

const heads = document.getElementById("count");
if (heads) startCounting(heads);
