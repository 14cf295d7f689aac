// Who came in by themselves, who says that they can't make it, and what somebody else marked: asked for while the sheet is
// looked at and nothing waits. Where there is no door nobody comes in, and once it begins nobody says so any more.
const EVERY = 10000;

export const watchArrivals = (page) => {
  const { arrivals, after, door } = document.querySelector("[data-arrivals]")?.dataset ?? {};
  if (!arrivals) return;
  let last = after;
  const look = async () => {
    const { waiting, questions, wrong } = page.saver;
    if (document.visibilityState !== "visible" || waiting || questions || wrong.length) return;
    if (door === undefined && page.now() > Date.parse(page.words.start) + EVERY) return;
    const known = page.rows.filter((row) => row.says !== undefined).map((row) => row.person);
    const response = await fetch(`${arrivals}?after=${last}&says=${known}`).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const told = await response.json();
    last = told.after;
    for (const mark of told.marks) page.marks.arrive(mark);
    if (told.says) for (const row of page.rows) row.hear(told.says[row.person]);
    if (told.marks.length || told.says) page.tally();
  };
  setInterval(look, EVERY);
};
