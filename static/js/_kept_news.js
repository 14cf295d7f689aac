// What became of marks, told to this page and to every other one of the device.
//   { results: [{ item, result }], saved_at }   { failed: { why, text } }   { wiped: true }   { left: true }

const listeners = new Set();
const channel = new BroadcastChannel("kept");
const hear = (news) => listeners.forEach((listener) => listener(news));

channel.addEventListener("message", ({ data }) => hear(data));

export const listen = (listener) => listeners.add(listener);

export const tell = (news) => {
  hear(news); // a channel does not hear itself
  channel.postMessage(news);
};
