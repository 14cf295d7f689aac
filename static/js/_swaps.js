// Parts of pages that htmx fetches. An answer that is not such a part never lands inside the page: when the sign-in
// has ended meanwhile the server sends on to another page, and the whole page goes there; a page about an error is
// not shown in place of a preview.

const notAPart = (response) =>
  response.redirected || [400, 401, 403, 404, 410, 429].includes(response.status) || response.status >= 500;

export const stayOnThePage = () => {
  document.addEventListener("htmx:before:response", (event) => {
    const response = event.detail.ctx.response.raw;
    if (!notAPart(response)) return;
    event.preventDefault();
    if (response.redirected) location.assign(response.url);
  });
};
