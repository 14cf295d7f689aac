// Two keys: the person's own, which never leaves the device and cannot be read out, and the server's public one.

const bytesOf = (value) => new TextEncoder().encode(JSON.stringify(value));
const INFO = new TextEncoder().encode("sealed-marks-1"); // as the server has it

export const newKey = () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

export const lock = async (key, value) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytesOf(value)) };
};

export const unlock = async (key, { iv, box }) =>
  JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, box)));

const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));

// A box that only the server opens: a key of this moment, which is forgotten, agrees with the server's.
export const seal = async ({ key, key_id }, value) => {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const { kty, crv, x, y } = key;
  const theirs = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, curve, false, []);
  const pair = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
  const stretched = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: INFO };
  const once = await crypto.subtle.deriveKey(hkdf, stretched, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const id = crypto.randomUUID();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(`${id}.${key_id}`);
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, once, bytesOf(value));
  const epk = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { id, key_id, epk: { kty, crv, x: epk.x, y: epk.y }, iv: base64(iv), box: base64(box) };
};
