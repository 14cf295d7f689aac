// Signing out takes names and sheets off the device. What waits is sent first; what cannot be sent stays sealed.
import { put } from "./_kept_db.js";
import { me, wipe } from "./_kept_device.js";
import { listen, tell } from "./_kept_news.js";
import { toTell, waiting } from "./_kept_outbox.js";
import { sendAll } from "./_kept_sending.js";
import { sendSealed } from "./_kept_wire.js";
import { counted } from "./_sheet_words.js";

// Marks that the server does not have: they wait, or were asked about and nobody answered.
const unsent = async () => {
  const asked = (await toTell()).filter(({ kind }) => kind === "question");
  return (await waiting()).length + asked.length;
};

const agrees = (dialog, number) =>
  new Promise((resolve) => {
    dialog.querySelector("h2").textContent = counted(JSON.parse(dialog.dataset.words), number);
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "leave"), { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });

const answers = () => fetch("/healthz", { cache: "no-store" }).then(({ ok }) => ok, () => false);

const leave = async (form) => {
  if (await me()) {
    if (await unsent()) await sendAll();
    const number = await unsent();
    if (number && !(await agrees(document.getElementById("leave"), number))) return;
    await wipe();
    await sendSealed();
    if (!(await answers())) return leaveLater(form);
  }
  form.submit();
};

// The server still takes this browser for signed in: the worker tells it before any page is opened again. No page that
// is open stays, which could ask the server for more.
const leaveLater = async (form) => {
  await put("device", { action: form.action, body: new URLSearchParams(new FormData(form)).toString() }, "leaving");
  tell({ left: true });
};

export const watchLeaving = () => {
  listen(({ left }) => left && location.assign("/kept"));
  document.querySelectorAll("form[action$='/sign-out']").forEach((form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave(form).catch(() => form.submit()); // nobody stays signed in because a browser stores nothing
    });
  });
};
