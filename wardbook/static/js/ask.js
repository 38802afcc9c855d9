// Small questions of our own, in words, instead of window.confirm.
import { announce } from "./focus-announce.js";
import { make } from "./page.js";

/** A small question; resolves to the value of the button, or "" for Esc. */
export function ask({ title, text = "", buttons }) {
  const id = `ask-${Date.now()}`;
  const actions = make("form", { method: "dialog", class: "dialog__actions" });
  for (const { value, label, primary } of buttons) actions.append(make("button", { class: `btn${primary ? " btn--primary" : ""}`, value }, label));
  const box = make("dialog", { class: "dialog dialog--small", "aria-labelledby": id },
    make("div", { class: "dialog__head" }, make("h2", { class: "dialog__title", id }, title)),
    make("div", { class: "dialog__body" }, make("p", {}, text), actions));
  const before = document.activeElement;
  document.body.append(box);
  box.showModal();
  announce(title);
  return new Promise((resolve) => {
    box.addEventListener("close", () => {
      resolve(box.returnValue);
      box.remove();
      if (before?.isConnected) before.focus();
    });
  });
}
