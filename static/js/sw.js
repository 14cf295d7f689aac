// Answers for the server while there is no network. It keeps style, scripts, and one page that holds nobody; what that
// page shows comes out of the device's own store. `keeps` stands before this (web/public/installing.py).
import { sayGoodbye } from "./_kept_goodbye.js";

const { version, page, files } = self.keeps;
const CACHE = `kept-${version}`;
const PATIENCE = 6000;
const STANDS_IN = /^\/(sign-in|kept|facilitator\/(today|duties|sheets\/\d+))$/;
const AWAY = [502, 503, 504];

const asNobody = (url) => new Request(url, { credentials: "omit", cache: "no-cache" });

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([page, ...files].map(asNobody))));
});

const tidy = async () => {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
};
self.addEventListener("activate", (event) => event.waitUntil(tidy()));

const kept = async (url) => (await caches.open(CACHE)).match(url, { ignoreVary: true });

const late = () => new Promise((_, reject) => setTimeout(reject, PATIENCE));

const opened = async (request) => {
  try {
    await Promise.race([sayGoodbye(), late()]);
    const answer = await Promise.race([fetch(request), late()]);
    return AWAY.includes(answer.status) ? ((await kept(page)) ?? answer) : answer;
  } catch {
    return (await kept(page)) ?? Response.error();
  }
};

// No page opens in the name of somebody who left.
const afterGoodbye = async (request) => {
  try {
    await sayGoodbye();
  } catch {
    return (await kept(page)) ?? Response.error();
  }
  return fetch(request);
};

// A sheet that was handed in without a network was not handed in: its page says so.
const submitted = async (request, sheet) => {
  try {
    return await afterGoodbye(request);
  } catch {
    return Response.redirect(sheet, 303);
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const [, sheet] = url.pathname.match(/^(\/facilitator\/sheets\/\d+)\/(?:submit|confirm)$/) ?? [];
  if (request.mode === "navigate") {
    if (request.method === "POST" && sheet) event.respondWith(submitted(request, sheet));
    else if (request.method === "GET" && STANDS_IN.test(url.pathname)) event.respondWith(opened(request));
    else event.respondWith(afterGoodbye(request));
  } else if (files.includes(url.pathname + url.search)) {
    event.respondWith(kept(request.url).then((found) => found ?? fetch(request)));
  }
});
