// The board on a desk: draws the plan, makes a drop a proposal, and lets the panel beside it decide. The page without
// it is a list with links to the same form.
import { closedOf, columnsOf, eventOf, ghostOf, moreOf, sessionOf } from "./_board_events.js";
import { draw, layoutOf } from "./_board_view.js";

const root = document.getElementById("board");
const target = document.getElementById("ec");
const panel = document.getElementById("panel");
const { span, by, date, source, locale } = root.dataset;
const read = (name) => JSON.parse(root.dataset[name]);
const columns = read("columns").map(([id, name, about, site]) => ({ id, name, about, site }));
const clockFace = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" });
const signs = new Map(
  [...document.getElementById("signs").content.querySelectorAll("[data-sign]")].map((one) => [one.dataset.sign, one.firstElementChild]),
);

const board = {
  ...{ span, by, date, locale, columns },
  words: read("words"),
  kinds: read("kinds"),
  people: {},
  holidays: read("holidays"),
  siteOfRoom: new Map(read("rooms").map(([id, site]) => [id, site])),
  roomName: new Map(read("rooms").map(([id, , name]) => [id, name])),
  now: () => board.server.slice(0, 16),
  server: root.dataset.now,
  clock: (wall) => clockFace.format(new Date(`${wall}Z`)).replace(/:00(?=\s)/u, ""),
  dayAddress: (day) => {
    const address = new URL(root.dataset.day, location);
    address.searchParams.set("date", day);
    return address.href;
  },
  sign: (name) => signs.get(name)?.cloneNode(true) ?? "",
};

let calendar = null;
let events = [];
let proposal = null;
let opener = null;

// ── what stands

const show = () => {
  const extra = proposal ? [ghostOf(proposal.before, board)] : [];
  const shown = proposal ? events.map((event) => (event.id === proposal.before.id ? proposal.after : event)) : events;
  calendar.setOption("events", [...shown, ...extra]);
};

const load = async () => {
  const answer = await fetch(source, { headers: { Accept: "application/json" } });
  if (answer.redirected) return location.assign(answer.url);
  if (!answer.ok) throw new Error(answer.statusText);
  const found = await answer.json();
  const sessions = found.sessions.map(sessionOf);
  board.people = found.people;
  events = [
    ...sessions.map((session) => eventOf(session, board)),
    ...found.closed.map((one) => closedOf(one, board)),
    ...Object.entries(found.more).map((one) => moreOf(one, board)),
  ];
  const isNew = !calendar;
  const inUse = "inUse" in root.dataset ? used(sessions) : columns;
  calendar ??= draw(target, board, { choose, drop, stretch, create }, span === "day" ? layoutOf(sessions, board) : {});
  calendar.setOption("resources", inUse.map(({ id }) => ({ id })));
  root.querySelectorAll("[data-kind]").forEach((kind) => {
    kind.hidden = !sessions.some((session) => session.kind === kind.dataset.kind);
  });
  say(found.counts);
  show();
  // The drawing goes to its first hour once it stands, and only then to where it was.
  if (isNew) requestAnimationFrame(() => requestAnimationFrame(takePlace));
};

/** The columns that hold something; all where nothing stands. */
const used = (sessions) => {
  const held = new Set(sessions.flatMap((session) => columnsOf(session, by, board.siteOfRoom)));
  return held.size ? columns.filter(({ id }) => held.has(id)) : columns;
};

const say = (counts) => {
  const told = Object.entries(counts).filter(([, number], place) => number || !place).map(([name, number]) => board.words[`count_${name}`].replace("{number}", number));
  root.querySelector("[data-counts]").textContent = told.join(" ");
};

// After saving the page comes again: as far down as it was, and at the session that was changed.

const PLACE = "board-place";
const AT_ONCE = 10_000;
let chosen = "";

const keepPlace = () => {
  const main = target.querySelector(".ec-main");
  if (main) sessionStorage.setItem(PLACE, JSON.stringify({ left: main.scrollLeft, top: main.scrollTop, id: chosen, at: Date.now() }));
};

const takePlace = () => {
  const kept = JSON.parse(sessionStorage.getItem(PLACE));
  sessionStorage.removeItem(PLACE);
  if (!kept || Date.now() - kept.at > AT_ONCE) return;
  chosen = kept.id;
  target.querySelector(".ec-main").scrollTo(kept.left, kept.top);
  const event = target.querySelector(`.o-${chosen}`);
  event?.scrollIntoView({ block: "nearest", inline: "nearest" });
  event?.focus({ preventScroll: true });
};

document.addEventListener("submit", ({ target: form }) => {
  if (form.closest("#panel, [data-toast]")) keepPlace();
});

const reload = () =>
  load().catch(() => {
    target.dataset.failed = board.words.failed;
  });

// ── the panel

const open = (by) => {
  panel.hidden = false;
  root.classList.add("with-panel");
  opener = by ?? opener;
};

const close = () => {
  panel.hidden = true;
  panel.replaceChildren();
  root.classList.remove("with-panel");
  const back = opener;
  opener = null;
  if (back?.isConnected) back.focus();
};

const putBack = () => {
  proposal = null;
  show();
  close();
};

const addressOf = (id) => root.dataset.change.replace("/0/", `/${id}/`);

const choose = (event, element) => {
  if (event.id === "was-here") return;
  if (event.extendedProps.leadsTo) return location.assign(event.extendedProps.leadsTo);
  proposal = null;
  show();
  open(element);
  window.htmx.ajax("GET", addressOf(event.id), { target: "#panel", swap: "innerHTML" });
};

// ── a drop is a proposal

const text = (at) => {
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
};

// What the drawing shows of a change that is not saved: the new place lit, the old one striped.
const proposed = (id, change) => {
  const before = events.find((event) => event.id === String(id));
  if (!before) return null;
  const session = { ...before.extendedProps.session, ...change };
  const wrong = { sign: "refresh", tone: "", word: board.words.unsaved };
  const drawn = eventOf(session, board);
  const classNames = [...drawn.classNames.filter((name) => !name.startsWith("is-")), "is-moving"];
  return { before, after: { ...drawn, classNames, extendedProps: { session, wrong } } };
};

const propose = (event, change, sent = {}) => {
  const { session } = event.extendedProps;
  const wanted = { ...session, start: text(event.start), ...change };
  proposal = proposed(event.id, wanted);
  show();
  open(target.querySelector(".is-moving"));
  const values = {
    csrf_token: document.querySelector("#proposal [name=csrf_token]").value,
    day: wanted.start.slice(0, 10),
    at: wanted.start.slice(11),
    minutes: wanted.minutes,
    room: wanted.room || "",
    scope: "one",
    revision: session.revision,
    dropped: "yes",
    ...sent,
  };
  window.htmx.ajax("POST", `${addressOf(session.id)}/preview`, { target: "#panel", swap: "innerHTML", values });
};

const led = (session, from, to) =>
  session.leads.includes(from) ? session.leads.map((id) => (id === from ? to : id)) : [...session.leads, to];

const drop = ({ event, oldResource, newResource }) => {
  if (newResource && by === "rooms") return propose(event, { room: Number(newResource.id) });
  if (newResource && by === "people") {
    const [from, to] = [Number(oldResource.id), Number(newResource.id)];
    return propose(event, { leads: led(event.extendedProps.session, from, to) }, { from, lead: to });
  }
  return propose(event, {});
};

const stretch = ({ event }) => propose(event, { minutes: Math.round((event.end - event.start) / 60000) });

const create = ({ date: at, resource, allDay }) => {
  const content = document.getElementById("new-here").content.cloneNode(true);
  const column = columns.find(({ id }) => String(id) === String(resource?.id));
  const values = new URLSearchParams({ first_day: text(at).slice(0, 10) });
  if (!allDay && span !== "month") values.set("starts", text(at).slice(11));
  if (column?.id && by === "rooms") values.set("room", column.id);
  if (column?.id && by === "people") values.set("lead", column.id);
  const day = new Intl.DateTimeFormat(locale, { weekday: "short", month: "long", day: "numeric" }).format(at);
  content.querySelector("h2").textContent = values.has("starts") ? `${day}, ${board.clock(text(at))}` : day;
  content.querySelector("[data-where]").textContent = column?.name ?? "";
  content.querySelector("a").href = `${root.dataset.new}?${values}`;
  proposal = null;
  show();
  open();
  panel.replaceChildren(content);
  panel.querySelector("h2").tabIndex = -1;
  panel.querySelector("h2").focus();
};

// ── what the server says of it

const typed = (form, session) => {
  const value = (name) => form.elements[name]?.value ?? "";
  const had = Number(form.dataset.holder);
  const lead = Number(value("lead"));
  return {
    start: `${value("day")}T${value("at")}`,
    minutes: Number(value("minutes")) || session.minutes,
    room: Number(value("room")),
    leads: had && lead ? led(session, had, lead) : session.leads,
  };
};

// Once the button is pressed nothing is looked at any more, and what is being looked at is dropped: an answer that
// came later would speak of what was.
const previews = "#change-fields, .scope";
let isSaving = false;
panel.addEventListener("submit", () => {
  isSaving = true;
  for (const part of panel.querySelectorAll(previews)) part.dispatchEvent(new Event("htmx:abort"));
});
document.addEventListener("htmx:before:request", (event) => {
  if (isSaving && event.target.matches(previews)) event.preventDefault();
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const isLeaving = ctx.keepIndicators; // the page is on its way to what was saved
  if (ctx.sourceElement.matches("form") && !isLeaving) isSaving = false;
});

document.addEventListener("htmx:after:swap", () => {
  const head = panel.querySelector("[data-state]");
  const form = panel.querySelector("form");
  if (!head) return;
  chosen = head.dataset.occurrence;
  const event = events.find(({ id }) => id === head.dataset.occurrence);
  proposal = head.dataset.state === "proposed" && form && event ? proposed(event.id, typed(form, event.extendedProps.session)) : null;
  show();
  if (head.dataset.state === "stale") reload();
});

root.addEventListener("click", (event) => {
  if (event.target.closest("[data-put-back]")) putBack();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden) putBack();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && calendar && !proposal) reload();
});

const wide = window.matchMedia("(min-width: 48rem)");
const begin = () => {
  if (!target || root.classList.contains("drawn") || !wide.matches) return;
  target.hidden = false;
  root.querySelector(".legend").hidden = false;
  root.classList.add("drawn");
  reload();
};
wide.addEventListener("change", begin);
begin();
