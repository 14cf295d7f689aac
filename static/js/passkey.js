// Passkeys: a form that asks the server for a question, the device for the answer, and sends it as a field.
// <form data-passkey="get|create" data-options="/…"> with fields csrf_token and credential.

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const question = async (form) => {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.statusText);
  const asked = await answer.json();
  const ids = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));
  return {
    ...asked,
    challenge: toBytes(asked.challenge),
    ...(asked.user && { user: { ...asked.user, id: toBytes(asked.user.id) } }),
    ...(asked.excludeCredentials && { excludeCredentials: ids(asked.excludeCredentials) }),
    ...(asked.allowCredentials && { allowCredentials: ids(asked.allowCredentials) }),
  };
};

const plain = ({ id, rawId, type, response }) => {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const told = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
  return JSON.stringify({ id, rawId: toText(rawId), type, response: Object.fromEntries(told) });
};

const keeps = () => document.querySelector('input[type="checkbox"][name="keep"]')?.checked ?? false;

const ask = async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector("button");
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  button.disabled = true;
  try {
    const publicKey = await question(form);
    form.elements.credential.value = plain(await navigator.credentials[form.dataset.passkey]({ publicKey }));
    if (form.elements.keep) form.elements.keep.value = keeps() ? "y" : "";
    form.submit();
  } catch {
    // Closed by the person, or refused by the device: nothing was sent.
    trouble.hidden = false;
    button.disabled = false;
  }
};

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", ask);
  });
}
