// What became of marks that this sheet cannot show in a row: it is said above the names until somebody read it.
import { forget, toTell } from "./_kept_outbox.js";
import { counted } from "./_sheet_words.js";

const KINDS = ["kept", "not_expected"];

// Notes of one kind about one sheet belong together.
export const grouped = (notes, kinds) => {
  const groups = new Map();
  for (const note of notes.filter(({ kind }) => kinds.includes(kind))) {
    const key = `${note.sheet} ${note.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), note]);
  }
  return [...groups.values()];
};

export const showNotes = (sheet, words) => async () => {
  const place = document.getElementById("questions");
  const notes = (await toTell()).filter((note) => note.sheet === sheet);
  place.querySelectorAll(".banner.info").forEach((banner) => banner.remove());
  for (const group of grouped(notes, KINDS)) {
    const banner = document.getElementById("a-note").content.firstElementChild.cloneNode(true);
    const { kind, result } = group[0];
    banner.querySelector("strong").textContent = [counted(words.notes[kind], group.length), result.reason].filter(Boolean).join(" ");
    banner.querySelector("button").addEventListener("click", async () => {
      await forget(group);
      banner.remove();
    });
    place.append(banner);
  }
};
