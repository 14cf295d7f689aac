// The drawing: which view of the library shows a span by what, and how the library is kept honest.
import { DayGrid, Interaction, ResourceTimeGrid, ResourceTimeline, createCalendar } from "@event-calendar/core";
import { columnsOf, contentOf, minutesLater } from "./_board_events.js";

const VIEWS = {
  day: { rooms: "resourceTimeGridDay", people: "resourceTimeGridDay", sites: "resourceTimelineDay" },
  week: { rooms: "resourceTimelineWeek", people: "resourceTimelineWeek", sites: "resourceTimelineWeek" },
  month: { rooms: "dayGridMonth", people: "dayGridMonth", sites: "dayGridMonth" },
};
const FIRST_HOUR = 8;
const LAST_HOUR = 21;
const hour = (number) => `${String(number).padStart(2, "0")}:00`;

/** The library calls itself a table and puts articles in it. It is a picture of the list: say so, and drop the roles. */
const plainRoles = (root, label) => {
  const drawing = root.querySelector(".ec");
  if (!drawing) return;
  for (const element of drawing.querySelectorAll("[role]:not([role=button])")) element.removeAttribute("role");
  for (const name of ["colindex", "rowindex", "colspan", "rowspan", "colcount", "rowcount"]) {
    for (const element of [drawing, ...drawing.querySelectorAll(`[aria-${name}]`)]) element.removeAttribute(`aria-${name}`);
  }
  drawing.setAttribute("role", "group");
  drawing.setAttribute("aria-label", label);
};

/** How many stand side by side at most under one column. */
const lanesOf = (sessions, board) => {
  const ends = new Map();
  let most = 1;
  for (const session of sessions) {
    for (const column of columnsOf(session, board.by, board.siteOfRoom)) {
      const running = (ends.get(column) ?? []).filter((end) => end > session.start);
      running.push(minutesLater(session.start, session.minutes));
      ends.set(column, running);
      most = Math.max(most, running.length);
    }
  }
  return most;
};

/** A day from the first hour that something begins to the last that something ends, a working day at least; and
 *  columns as wide as what stands side by side needs. */
export const layoutOf = (sessions, board) => {
  const begins = sessions.map(({ start }) => Number(start.slice(11, 13)));
  const ends = sessions.map(({ start, minutes }) => Number(start.slice(11, 13)) + Math.ceil((Number(start.slice(14)) + minutes) / 60));
  return {
    columnWidth: `minmax(${Math.min(14, Math.max(7.5, 3.5 * lanesOf(sessions, board)))}rem, 1fr)`,
    scrollTime: hour(Math.min(FIRST_HOUR, ...begins)),
    slotMinTime: hour(Math.min(FIRST_HOUR, ...begins)),
    slotMaxTime: hour(Math.min(24, Math.max(LAST_HOUR, ...ends))),
  };
};

const made = (name, className, text) => {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
};

const labelOf = ({ name, about }) => ({
  domNodes: [[name, "rm"], [about, "st"]].filter(([text]) => text).map(([text, className]) => made("span", className, text)),
});

/** A day as its head names it, with the holiday that it is. */
const dayHead = (board, format) => {
  const face = new Intl.DateTimeFormat(board.locale, format);
  return (at) => {
    const two = (number) => String(number).padStart(2, "0");
    const holiday = board.holidays[`${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`];
    return { domNodes: [made("span", "", face.format(at)), ...(holiday ? [made("span", "holiday", holiday)] : [])] };
  };
};

/** A day of sites from its first hour to its last fits the width, as long as an hour stays wide enough to read. */
const slotWidthOf = (target, board, { slotMinTime, slotMaxTime }) => {
  if (board.span === "week") return 168;
  const halves = 2 * (parseInt(slotMaxTime, 10) - parseInt(slotMinTime, 10));
  return Math.max(44, Math.floor((target.clientWidth - 180) / halves));
};

export const draw = (target, board, acts, layout) => {
  const week = board.span === "week";
  const named = new Map(board.columns.map((column) => [String(column.id), column]));
  return createCalendar(target, [DayGrid, Interaction, ResourceTimeGrid, ResourceTimeline], {
    view: VIEWS[board.span][board.by],
    date: board.date,
    firstDay: 1,
    locale: board.locale,
    height: "100%",
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: false,
    nowIndicator: false,
    slotEventOverlap: false,
    slotDuration: week ? { days: 1 } : "00:30",
    slotHeight: 33,
    slotWidth: slotWidthOf(target, board, layout),
    snapDuration: "00:15",
    eventGap: 3,
    longPressDelay: 400,
    displayEventEnd: false,
    slotLabelFormat: (at) => (at.getMinutes() ? "" : board.clock(`2000-01-01T${hour(at.getHours())}`)),
    dayHeaderFormat: board.span === "month" ? { weekday: "long" } : dayHead(board, { weekday: "short", month: "short", day: "numeric" }),
    ...(board.span === "month" ? { dayCellFormat: dayHead(board, { day: "numeric" }) } : {}),
    resources: board.columns.map(({ id }) => ({ id })),
    resourceLabelContent: ({ resource }) => labelOf(named.get(String(resource.id)) ?? {}),
    eventContent: ({ event }) => contentOf(event, board),
    eventAllUpdated: () => plainRoles(target, board.words.board),
    eventClick: ({ event, el }) => event.display !== "background" && acts.choose(event, el),
    eventDrop: acts.drop,
    eventResize: acts.stretch,
    dateClick: acts.create,
    dragConstraint: ({ newResource }) => board.by !== "sites" || !newResource,
    ...layout,
  });
};
