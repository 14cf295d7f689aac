// What stays on this device, in IndexedDB. Whatever says who or what is locked (see _kept_locks.js); in the clear stand
// ids, times and counters only.
//   device  "me": whose sheets these are; "leaving": a sign-out that the server has not heard of yet
//   sheets  by id         what was fetched
//   outbox  by order      what the server does not have yet
//   told    by what it is about: what came back and needs somebody (see _kept_outbox.js)
//   sealed  by id         what waited when somebody left: only the server can read it

const NAME = "kept";
const STORES = {
  device: undefined,
  sheets: { keyPath: "id" },
  outbox: { keyPath: "n", autoIncrement: true },
  told: { keyPath: "where" },
  sealed: { keyPath: "id" },
};

const answerOf = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened = null;

const open = () => {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, options] of Object.entries(STORES)) request.result.createObjectStore(store, options);
    };
    request.onsuccess = () => {
      request.result.onclose = () => (opened = null); // the browser emptied it; it is made anew when next asked for
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
};

// Nothing is made on the device of somebody who only looks. A browser may store nothing, as in some private windows.
export const isThere = async () => {
  try {
    if (!indexedDB.databases) return Boolean(await open());
    return (await indexedDB.databases()).some(({ name }) => name === NAME);
  } catch {
    return false;
  }
};

// Resolves when it is on the disk. `act` gets the stores and may wait for requests only.
export const change = async (stores, act) => {
  const db = await open();
  const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const said = await act(...[stores].flat().map((store) => transaction.objectStore(store)), answerOf);
  await done;
  return said;
};

const read = async (store, ask) => answerOf(ask((await open()).transaction(store).objectStore(store)));

export const get = (store, key) => read(store, (found) => found.get(key));
export const all = (store) => read(store, (found) => found.getAll());
export const put = (store, value, key) => change(store, (found) => void found.put(value, key));
export const drop = (store, ...keys) => change(store, (found) => keys.forEach((key) => found.delete(key)));
export const clear = (...stores) => change(stores, (...found) => found.splice(0, stores.length).forEach((one) => one.clear()));
