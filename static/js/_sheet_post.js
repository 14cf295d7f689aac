// Sending something to the server, and saying plainly what came of it. Nothing counts as saved but a clear yes.

const tokens = () => document.querySelectorAll("input[name=csrf_token]");

export const fetchPage = async (address) => {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (response.redirected || !response.ok) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
};

// After a new sign-in in another tab the page's token is old; the marks on it are not.
const renewToken = async (address) => {
  const token = (await fetchPage(address))?.querySelector("input[name=csrf_token]")?.value;
  if (token) tokens().forEach((field) => (field.value = token));
  return Boolean(token);
};

const send = (url, body) =>
  fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": tokens()[0].value },
    body: JSON.stringify(body),
  });

const read = async (response) => {
  if (response.redirected) return { why: "signed_out" };
  if (response.ok) return { answer: await response.json() };
  if (response.status === 404) return { why: "gone", final: true };
  if (response.status === 422) return { why: "refused", final: true, text: (await response.json()).error };
  return { why: "no_answer" };
};

export const post = async (url, body, page) => {
  try {
    let response = await send(url, body);
    if (response.status === 400 && (await renewToken(page))) response = await send(url, body);
    return await read(response);
  } catch {
    return { why: "no_signal" };
  }
};
