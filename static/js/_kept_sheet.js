// One sheet out of the phone's own store, made of the same parts as the server's page and run by the same script.
import { copyOf } from "./_kept_fill.js";
import { token } from "./_kept_wire.js";
import { startCounting } from "./_sheet_heads.js";
import { startMarking } from "./_sheet_names.js";
import { signsOf } from "./_sheet_page.js";
import { drawWalkIn } from "./_sheet_walk_ins.js";

export const phaseOf = ({ phase, opens_at }, now) => (phase === "not_yet" && now >= Date.parse(opens_at) ? "open" : phase);

const WHY = { not_yet: "not_yet", closed: "done", locked: "done", stopped: "stopped", not_met: "not_met" };

const rowOf = (words) => (row) => {
  const values = {
    person: row.person,
    name: row.name,
    revision: row.revision,
    late: row.late_minutes ?? "",
    left: row.left_minutes ?? "",
    excuse: row.excuse ?? "",
  };
  const copy = copyOf("a-row", values);
  const element = copy.firstElementChild;
  element.dataset.status = row.status ?? "unmarked";
  element.dataset.expected = row.expected ? "1" : "0";
  if (row.says) element.querySelector(".more").prepend(copyOf("said-why", { reason: words.excuses[row.says] }));
  if (row.says !== null) element.dataset.says = row.says;
  else {
    delete element.dataset.says;
    element.querySelector(".says").remove();
  }
  return copy;
};

// The server's page takes it from here, with its own questions about who has no mark.
const submitTo = (id) => (form) => async () => {
  const csrf_token = await token();
  if (!csrf_token) return;
  const sent = document.createElement("form");
  Object.assign(sent, { method: "post", action: `/facilitator/sheets/${id}/submit`, hidden: true });
  const fields = { csrf_token, ...Object.fromEntries(["number", "seen"].filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value])) };
  for (const [name, value] of Object.entries(fields)) sent.append(Object.assign(document.createElement("input"), { name, value }));
  document.body.append(sent);
  sent.submit();
};

const place = (copy) => {
  document.querySelector("body > header").replaceWith(copy.querySelector("header"));
  const main = document.getElementById("main");
  const drawn = ["signs", "a-question", "a-note", "a-walk-in"].map((id) => document.getElementById(id));
  main.className = "sheet";
  main.replaceChildren(copy, ...drawn);
};

export const showSheet = (sheet, mine) => {
  const now = new Date(Date.now() + mine.skew);
  const phase = phaseOf(sheet, now);
  const words = JSON.stringify(sheet.words);
  const values = { ...sheet, words, now: now.toISOString(), people: sheet.rows.length, walked_in: sheet.walked_in.length, headcount: sheet.headcount ?? "" };
  const copy = copyOf(phase !== "open" ? "closed" : sheet.by_heads ? "a-count" : "a-sheet", { ...values, last: sheet.last ?? "" });
  copy.querySelectorAll("[data-why]").forEach((said) => (said.hidden = said.dataset.why !== WHY[phase]));
  copy.querySelector(".marks")?.append(...sheet.rows.map(rowOf(sheet.words)));
  if (sheet.words.least === null && sheet.words.most === null) copy.getElementById("beside")?.remove();
  copy.querySelector("#walk-ins ul")?.append(...sheet.walked_in.map((one) => drawWalkIn(one, sheet.words, signsOf())));
  if (!sheet.takes_names) copy.querySelector(".walk-in")?.remove();
  copy.querySelector(".walk-ins")?.setAttribute("data-number", sheet.walk_ins);
  place(copy);
  if (phase !== "open") return document.getElementById("save-line").remove();
  const device = { viewer: mine.person, ready: async () => true, submit: submitTo(sheet.id) };
  if (sheet.by_heads) return startCounting(document.getElementById("count"), device);
  startMarking(document.getElementById("sheet"), device);
};
