// One line that something is done, with Undo. At most two, ten seconds, longer while looked at; Recent actions keep them all.
import { announce } from "./focus-announce.js";
import { process, renewOperations } from "./page.js";

const STAYS = 10_000;
const list = () => document.getElementById("toasts");
const stayForGood = () => document.documentElement.dataset.toasts === "stay";

document.addEventListener("toast", (event) => show(event.detail));

export function show({ text, undo = "", value = "" }) {
  const model = document.getElementById("toast-template");
  if (!model || !list()) return;
  const toast = model.content.firstElementChild.cloneNode(true);
  toast.querySelector(".toast__text").textContent = text ?? value;
  const form = toast.querySelector("form");
  if (undo && form) {
    form.action = undo;
    form.setAttribute("hx-post", undo);
    form.setAttribute("hx-swap", "none");
    renewOperations(form);
  } else form?.remove();
  list().append(toast);
  while (list().children.length > 2) list().firstElementChild.remove();
  process(toast);
  start(toast);
}

function start(toast) {
  announce(toast.querySelector(".toast__text").textContent.trim());
  if (stayForGood()) return;
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (toast.matches(":hover, :focus-within") ? wait() : close(toast)), STAYS);
  };
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusout", wait);
  wait();
}

function close(toast) {
  const hadFocus = toast.contains(document.activeElement);
  toast.remove();
  if (hadFocus) (document.querySelector("main h1") ?? document.getElementById("main"))?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-toast-close]");
  if (button) close(button.closest("[data-toast]"));
});

// Undone: the answer reloads the page or says why not; either way this line has done its work.
document.addEventListener("htmx:finally:request", (event) => {
  event.detail.ctx?.sourceElement?.closest?.("[data-toast]")?.remove();
});

for (const toast of list()?.querySelectorAll("[data-toast]") ?? []) start(toast);
