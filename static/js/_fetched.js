// A page of ours, read behind the one that is open; none where the server did not answer with it.
export const fetchPage = async (address) => {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (response.redirected || !response.ok) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
};
