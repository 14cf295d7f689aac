// What stands in the plan as the drawing takes it: rows of the server's JSON into events, and what an event shows.
// A row: id, series, revision, local start, start and end in UTC, room, takes place, kind, title, capacity, expected,
// zone where it is another, who leads, who is taken twice (-1: the room), and whether only by what is out of sight;
// whether it did not meet.

const NOWHERE = 0;
const ROOM = -1;
const wall = (text) => text.slice(0, 16).replace(" ", "T");
const instant = (text) => Date.parse(/[Z+]/.test(text.slice(10)) ? text : `${text.replace(" ", "T")}Z`);
export const minutesLater = (local, minutes) => {
  const at = new Date(`${local}:00Z`);
  at.setUTCMinutes(at.getUTCMinutes() + minutes);
  return at.toISOString().slice(0, 16);
};

export const sessionOf = ([id, series, revision, local, starts, ends, room, takesPlace, kind, title, capacity, expected, zone, leads, twice, elsewhere, notMet]) => ({
  ...{ id, series, revision, kind, title, capacity, expected, zone, leads, twice, elsewhere },
  room: room ?? NOWHERE,
  takesPlace: Boolean(takesPlace),
  notMet: Boolean(notMet),
  start: wall(local),
  minutes: Math.round((instant(ends) - instant(starts)) / 60000),
});

/** A word for what is wrong, the most important thing only. */
export const trouble = (session, people, words) => {
  if (!session.takesPlace) return { state: "off", sign: "close", tone: "", word: words.cancelled };
  if (session.notMet) return { state: "off", sign: "close", tone: "", word: words.not_met };
  if (session.twice) {
    const by = session.elsewhere ? "busy" : "twice";
    const word = session.twice === ROOM ? words[`room_${by}`] : words[`somebody_${by}`].replace("{name}", people[session.twice] ?? "");
    return { state: "conflict", sign: "alert", tone: "bad", word };
  }
  if (!session.leads.length && session.kind !== "mutual_help") {
    return { state: "nolead", sign: "person", tone: "warn", word: words.nolead };
  }
  return null;
};

const placesOf = ({ capacity, expected }) => (expected === null ? "" : capacity ? `${expected}/${capacity}` : `${expected}`);

/** Under which columns a session stands. */
export const columnsOf = (session, by, siteOfRoom) => {
  if (by === "people") return session.leads.length ? session.leads : [NOWHERE];
  if (by === "sites") return [siteOfRoom.get(session.room) ?? NOWHERE];
  return [session.room];
};

export const eventOf = (session, board) => {
  const wrong = trouble(session, board.people, board.words);
  const canChange = session.takesPlace && session.start > board.now();
  return {
    id: String(session.id),
    start: session.start,
    end: minutesLater(session.start, session.minutes),
    title: session.title,
    resourceIds: columnsOf(session, board.by, board.siteOfRoom),
    editable: canChange,
    durationEditable: canChange && board.span === "day",
    classNames: ["ev", `o-${session.id}`, `k-${session.kind}`, wrong ? `is-${wrong.state}` : ""].filter(Boolean),
    extendedProps: { session, wrong },
  };
};

/** Of a month the first of each day are drawn: how many more there are, behind them. It leads to the day. */
export const moreOf = ([day, number], board) => ({
  id: `more-${day}`,
  start: `${day}T23:59`,
  end: `${day}T23:59`,
  title: board.words.more.replace("{number}", number),
  editable: false,
  classNames: ["more"],
  extendedProps: { leadsTo: board.dayAddress(day) },
});

/** The old place of something that is not saved yet. */
export const ghostOf = (event, { span, words }) => ({
  ...event,
  id: "was-here",
  // Behind the others on a day, or old and new would share the width of a column.
  display: span === "day" ? "background" : "auto",
  editable: false,
  classNames: ["ev", "is-ghost"],
  extendedProps: { ...event.extendedProps, wrong: { sign: "", tone: "", word: words.was_here } },
});

export const closedOf = ([site, room, start, end, reason], board) => ({
  id: `closed-${site}-${room}-${start}`,
  start: wall(start),
  end: wall(end),
  allDay: board.span === "week",
  display: "background",
  title: board.words.closed.replace("{reason}", reason),
  resourceIds: board.by === "rooms" ? board.columns.filter(({ id, site: at }) => (room ? id === room : at === site)).map(({ id }) => id) : site && board.by === "sites" ? [site] : [],
});

const made = (name, className, ...content) => {
  const element = document.createElement(name);
  element.className = className;
  element.append(...content);
  return element;
};

/** Three lines: kind, hour and places; title; who leads, or what is wrong. */
export const contentOf = ({ title, extendedProps: { session, wrong, leadsTo }, display }, board) => {
  if (leadsTo) return { domNodes: [made("span", "", title)] };
  if (display === "background" && !session) return { domNodes: [made("div", "closed-note", title)] };
  const time = board.span === "day" ? board.clock(session.start).replace(/\s?[AP]M$/u, "") : board.clock(session.start);
  const told = session.zone ? board.words.other_zone.replace("{time}", time).replace("{zone}", session.zone.split("/").pop().replaceAll("_", " ")) : time;
  const first = made("div", "l", board.sign(session.kind), made("span", "", told), made("span", "cap", placesOf(session)));
  const kind = made("span", "vh", `${board.kinds[session.kind]}: `);
  const lines = [first, made("div", "ti", kind, title)];
  const room = board.by === "sites" ? board.roomName.get(session.room) : "";
  const names = [room, ...session.leads.map((id) => board.people[id])].filter(Boolean).join(", ");
  if (wrong) lines.push(made("div", `fl ${wrong.tone}`, board.sign(wrong.sign), wrong.word));
  else if (names) lines.push(made("div", "ld", names));
  const small = { month: " line", day: session.minutes <= 30 ? " line" : session.minutes < 60 ? " short" : "" };
  return { domNodes: [made("div", `ev-in${small[board.span] ?? ""}`, ...lines)] };
};
