// Focus never falls to the top of the page after a swap, and what changed is spoken (ux P1 to P5).
import { all, onContent } from "./page.js";

let timer;

/** Say `text` through the one status region of the page. */
export function announce(text) {
  const live = document.getElementById("live");
  if (!live || !text) return;
  live.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(() => (live.textContent = text), 60);
}

document.addEventListener("announce", (event) => announce(event.detail.text ?? event.detail.value));

/** Point to an option of a field's list, or to none: it is told to who listens, and the focus stays in the field. */
export function pointTo(option, options, field) {
  for (const one of options) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

/** Focus something that need not be in the tab order. */
export function focusOn(element) {
  if (!element) return false;
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus({ preventScroll: false });
  return document.activeElement === element;
}

onContent((root) => {
  const wanted = all(root, "[data-autofocus]").find((element) => element.isConnected && element.checkVisibility?.() !== false);
  if (wanted) focusOn(wanted);
});

let before = null;

document.addEventListener("htmx:before:swap", () => {
  const focused = document.activeElement;
  before = focused && focused !== document.body
    ? { id: focused.id, scopes: scopesOf(focused) }
    : before;
});

function scopesOf(element) {
  const ids = [];
  for (let scope = element.closest("[data-focus-scope]"); scope; scope = scope.parentElement?.closest("[data-focus-scope]")) ids.push(scope.id);
  return ids;
}

document.addEventListener("htmx:after:swap", () => requestAnimationFrame(repair));
document.addEventListener("htmx:finally:request", () => requestAnimationFrame(repair));

function repair() {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (lost && before) {
    const ids = [before.id, ...before.scopes].filter(Boolean);
    const found = ids.map((id) => document.getElementById(id)).find((element) => element?.checkVisibility?.() ?? element);
    focusOn(found ?? document.querySelector("main h1") ?? document.getElementById("main"));
  }
  if (!lost) before = null;
}

// Busy: the target says so, and after 300 ms a thin line shows it.
let running = 0;
let lineTimer;

document.addEventListener("htmx:before:request", (event) => {
  const target = event.detail.ctx?.target;
  if (target instanceof Element && target !== document.body) target.setAttribute("aria-busy", "true");
  running += 1;
  lineTimer ??= setTimeout(() => document.body.append(Object.assign(document.createElement("div"), { className: "busy-line" })), 300);
});

document.addEventListener("htmx:finally:request", (event) => {
  const target = event.detail.ctx?.target;
  if (target instanceof Element) target.removeAttribute("aria-busy");
  running = Math.max(0, running - 1);
  if (running) return;
  clearTimeout(lineTimer);
  lineTimer = undefined;
  document.querySelector(".busy-line")?.remove();
});
