// Who came in by themselves, and what somebody else marked: asked for while the sheet is looked at and nothing waits.
const EVERY = 10000;

export const watchArrivals = (page) => {
  const { arrivals, after } = document.querySelector("[data-arrivals]")?.dataset ?? {};
  if (!arrivals) return;
  let last = after;
  const look = async () => {
    const { waiting, questions, wrong } = page.saver;
    if (document.visibilityState !== "visible" || waiting || questions || wrong.length) return;
    const response = await fetch(`${arrivals}?after=${last}`).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const told = await response.json();
    last = told.after;
    for (const mark of told.marks) page.marks.arrive(mark);
    if (told.marks.length) page.tally();
  };
  setInterval(look, EVERY);
};
