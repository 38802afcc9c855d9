// Small things that several modules need: the parts of the page that are new, elements, keys of operations, fetch.
import { csrfToken, fetchAgain } from "./token.js";

const readers = [];

/** Call `reader(root)` now for the whole page, and later for everything that htmx puts into it. */
export function onContent(reader) {
  readers.push(reader);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => reader(document));
  else reader(document);
}

/** Tell all readers about content that we put into the page ourselves. */
export function process(root) {
  window.htmx?.process(root);
  for (const reader of readers) reader(root);
}

document.addEventListener("htmx:after:settle", (event) => {
  const nodes = (event.detail.newContent ?? []).filter((node) => node instanceof Element && node.isConnected);
  for (const node of nodes) for (const reader of readers) reader(node);
});

/** All elements under `root`, and `root` itself, that match. */
export function all(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) found.unshift(root);
  return found;
}

/** Make an element: `make("li", { class: "chip", hidden: true }, "text", child)`. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** A key for one change, so that the server does it once. */
export function operationKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on another machine than one's own has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export function renewOperations(form) {
  for (const input of form.querySelectorAll("input[name=operation]")) input.value = operationKey();
}

/** fetch with what our server asks of every request; the answer comes back whatever its status. */
export function send(url, { method = "GET", headers = {}, ...rest } = {}) {
  const own = { ...headers };
  if (method !== "GET") {
    own["X-CSRFToken"] = csrfToken();
    own["Idempotency-Key"] ??= operationKey();
  }
  return fetchAgain(url, { method, headers: own, credentials: "same-origin", ...rest });
}

/** Ask for a piece of a page, as htmx would. */
export function sendForPiece(url, target, options = {}) {
  const headers = { "HX-Request": "true", "HX-Target": target, Accept: "text/html", ...options.headers };
  return send(url, { ...options, headers });
}

/** Do what the HX- headers of an answer ask. True when the page is being left. */
export function obeyHeaders(response) {
  const goTo = response.headers.get("HX-Redirect");
  if (goTo) location.href = goTo;
  const again = response.headers.get("HX-Refresh") === "true";
  if (again) location.reload();
  const events = response.headers.get("HX-Trigger");
  if (events?.startsWith("{")) {
    for (const [name, detail] of Object.entries(JSON.parse(events))) {
      document.dispatchEvent(new CustomEvent(name, { detail: typeof detail === "object" ? detail : { value: detail } }));
    }
  }
  return Boolean(goTo) || again;
}

/** HTML of our own server as nodes; scripts in it do not run. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** A small line drawing, for what JavaScript itself adds to a page. */
export function drawing(path, size) {
  const svg = parse(`<svg class="icon" width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path/></svg>`).firstElementChild;
  svg.firstElementChild.setAttribute("d", path);
  return svg;
}

export const isVisible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;

export const isField = (element) =>
  element?.matches?.("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]") ?? false;

/** Put text where the cursor is, as if it were typed. Other fields than those for text are left alone. */
export function typeInto(field, text) {
  if (!field?.matches("textarea, input:is([type=text], [type=search], :not([type]))")) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function debounce(wait, act) {
  let timer;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), wait);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}
