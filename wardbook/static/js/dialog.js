// The one dialog of a page, filled by the server (ux P15).
import { focusOn } from "./focus-announce.js";
import { mayLeave } from "./forms.js";
import { obeyHeaders, parse, process, renewOperations, sendForPiece } from "./page.js";
import { signInAgain } from "./session.js";
import { showTrouble, tellAnswer } from "./trouble.js";
import { words } from "./words.js";

const dialog = () => document.getElementById("dialog");
const body = () => document.getElementById("dialog-body");
let opener = null;

/** Fill the dialog from an address and open it. What does not answer with a piece is opened as a page. */
export async function open(url, { trigger = null, title = "", method = "GET", data = null } = {}) {
  opener = trigger ? { id: trigger.id, element: trigger, scope: trigger.closest("[data-focus-scope]")?.id } : null;
  trigger?.setAttribute("aria-busy", "true");
  let response;
  let text = "";
  try {
    response = await sendForPiece(url, "div#dialog-body", { method, body: data });
    text = await response.text();
  } catch {
    return showTrouble(words("troubleNetwork"));
  } finally {
    trigger?.removeAttribute("aria-busy");
  }
  if (response.status === 401) {
    await signInAgain();
    return open(url, { trigger, title, method, data });
  }
  if (obeyHeaders(response)) return undefined;
  if (!response.ok && ![409, 422].includes(response.status)) return tellAnswer(response.status, text, response.headers.get("X-Reference") ?? "");
  if (/^\s*(<!doctype|<html)/i.test(text)) {
    location.href = url;
    return undefined;
  }
  fill(parse(text), title);
  return undefined;
}

function fill(content, title) {
  const first = content.firstElementChild;
  document.getElementById("dialog-title").textContent = content.querySelector("[data-dialog-title]")?.dataset.dialogTitle || title;
  if (!first) return;
  body().replaceChildren(content);
  process(body());
  if (!dialog().open) dialog().showModal();
  body().scrollTop = 0;
  const wanted = body().querySelector("[data-autofocus], [autofocus]") ?? body().querySelector("input:not([type=hidden]):not([type=radio]):not([type=file]), textarea, select") ?? body().querySelector("button, a[href]");
  focusOn(wanted ?? body());
}

// A 422 piece brings its own title.
document.addEventListener("htmx:after:swap", () => {
  const title = body()?.querySelector("[data-dialog-title]")?.dataset.dialogTitle;
  if (title && dialog().open) document.getElementById("dialog-title").textContent = title;
});

export function close() {
  if (dialog()?.open) dialog().close();
}

/** Esc and the cross: a draft is kept by itself, other text is asked about. */
async function wantToClose() {
  for (const form of body().querySelectorAll("form")) if (!(await mayLeave(form))) return;
  close();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("a[data-dialog], [data-dialog-close], button[data-dialog-form]");
  if (!target || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
  if (target.matches("[data-dialog-close]")) {
    event.preventDefault();
    return void (target.closest("#dialog") ? wantToClose() : target.closest("dialog")?.close());
  }
  event.preventDefault();
  const title = target.dataset.dialogTitle || labelOf(target);
  if (target.matches("a")) return void open(target.href, { trigger: target, title });
  const form = target.form;
  open(target.formAction, { trigger: target, title, method: "POST", data: new FormData(form, target) }).then(() => renewOperations(form));
});

// "Cancel" links inside the dialog go nowhere: they close it.
document.addEventListener("click", (event) => {
  const cancel = event.target.closest?.("#dialog-body [data-cancel]");
  if (!cancel) return;
  event.preventDefault();
  wantToClose();
}, true);

function labelOf(element) {
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, svg")) extra.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

document.addEventListener("close", (event) => {
  if (event.target === document) return;
  if (event.target !== dialog()) return;
  finish();
}, true);
document.addEventListener("close", (event) => {
  // HX-Trigger: close, fired on the form inside the dialog or on the document.
  if (event instanceof CustomEvent) close();
});

function finish() {
  document.dispatchEvent(new CustomEvent("cw:dialog-closed"));
  body().replaceChildren();
  const back = (opener?.id && document.getElementById(opener.id)) || (opener?.element?.isConnected && opener.element) || document.getElementById(opener?.scope ?? "");
  opener = null;
  focusOn(back || document.querySelector("main h1"));
}

// Esc by ourselves: the browser lets a second Esc close without asking.
dialog()?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("#dialog [popover]:popover-open")) return;
  event.preventDefault();
  wantToClose();
});
dialog()?.addEventListener("cancel", (event) => {
  event.preventDefault();
  if (event.target === dialog()) wantToClose();
});
