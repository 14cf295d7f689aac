// What a phone keeps and what waits on it, in a few lines: on Today, and on the page without a network.
import { all } from "./_kept_db.js";
import { me } from "./_kept_device.js";
import { listen } from "./_kept_news.js";
import { forget, toTell, waiting } from "./_kept_outbox.js";
import { grouped } from "./_sheet_notes.js";
import { counted } from "./_sheet_words.js";

const KINDS = { question: "questions", kept: "kept", refused: "refused_marks", not_expected: "not_expected" };

const dayOf = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long" }).format(at);

const noteOf = (section, words, group) => {
  const banner = section.querySelector("template[data-note]").content.firstElementChild.cloneNode(true);
  const { kind, sheet, title, result } = group[0];
  const said = counted(words[KINDS[kind]], group.length);
  const [link, read] = [banner.querySelector("a"), banner.querySelector("button")];
  banner.querySelector("strong").textContent = `${kind === "question" ? `${words.needs} ` : ""}${said}: ${title || words.a_session}`;
  banner.querySelector("p").textContent = kind === "question" ? "" : (result.reason ?? "");
  link.href = `/facilitator/sheets/${sheet}`;
  link.hidden = kind === "kept";
  read.hidden = kind === "question" || kind === "refused"; // answered on the sheet
  read.addEventListener("click", () => forget(group).then(() => banner.remove()));
  return banner;
};

const show = async (section, words, failed) => {
  const mine = await me();
  section.hidden = !mine;
  if (!mine) return;
  const [items, notes, sheets] = [await waiting(), await toTell(), await all("sheets")];
  const waits = section.querySelector("[data-waits]");
  waits.hidden = !items.length;
  waits.querySelector("b").textContent = failed ? (words[failed.why] ?? words.no_answer) : "";
  waits.querySelector("[data-said]").textContent = counted(words.wait, items.length);
  section.querySelector("[data-notes]").replaceChildren(
    ...grouped(notes, Object.keys(KINDS)).map((group) => noteOf(section, words, group)),
  );
  const kept = section.querySelector("[data-kept]");
  kept.hidden = !sheets.length;
  kept.firstElementChild.textContent = counted(words.sheets, sheets.length).replace("{until}", dayOf(mine.until - mine.skew));
};

export const startSummary = (section) => {
  const words = JSON.parse(section.dataset.words);
  let failed = null;
  const again = () => show(section, words, failed);
  listen((news) => {
    if (news.wiped) return;
    failed = news.failed ?? null;
    again();
  });
  again();
  return (said) => {
    failed = said?.why ? said : null;
    return again();
  };
};
