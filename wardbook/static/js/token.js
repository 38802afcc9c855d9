// The proof that a request comes from our page. It changes when somebody signs in, in this tab or another; then the
// page takes over the new one and sends again, so that an old page loses nothing.

export const csrfToken = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

/** Whose page this is: the id of the person, or "" when nobody is signed in. */
export const who = (page = document) => page.querySelector("meta[name=signed-in]")?.content ?? "";

export const signInAddress = () => document.querySelector("meta[name=sign-in-address]")?.content ?? "/accounts/login/";

/** A page of ours as a document; `at` is the address it came from in the end. */
export async function fetchPage(url, options = {}) {
  const response = await fetch(url, { credentials: "same-origin", ...options });
  return Object.assign(new DOMParser().parseFromString(await response.text(), "text/html"), { at: response.url });
}

/** From now on all requests and forms of this page carry the token of that one. */
export function takeOver(page) {
  const token = page.querySelector("meta[name=csrf-token]")?.content;
  if (!token) return;
  document.querySelector("meta[name=csrf-token]").content = token;
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
}

const isForgery = (response) => response.status === 403 && response.headers.get("X-Trouble") === "forgery";

/** fetch; when only the token was old, once more with the new one. Never as somebody else. */
export async function fetchAgain(url, options) {
  const response = await fetch(url, options);
  if (!isForgery(response)) return response;
  const page = await fetchPage(signInAddress());
  if (who(page) && who() && who(page) !== who()) return response;
  takeOver(page);
  if (options.headers?.["X-CSRFToken"]) options.headers["X-CSRFToken"] = csrfToken();
  if (options.body?.has?.("csrfmiddlewaretoken")) options.body.set("csrfmiddlewaretoken", csrfToken());
  return fetch(url, options);
}

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.request.method !== "GET") ctx.fetch = fetchAgain;
});
