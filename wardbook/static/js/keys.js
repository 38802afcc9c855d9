// Keys press visible buttons and nothing else, so a key always does what a button says (ux P16). `?` lists them.
import { ask } from "./ask.js";
import { isField, isVisible, make, typeInto } from "./page.js";
import { words } from "./words.js";

const WAIT = 1200;
let pending = "";
let pendingTimer;

const mode = () => document.documentElement.dataset.keys ?? "on";
const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** Everything that can be pressed now: [{element, key, label}]; the last of a key wins (a toast's Undo over the menu's). */
export function keysOfPage(root = document) {
  const found = new Map();
  for (const element of root.querySelectorAll("[data-key]")) {
    if (!isVisible(element) || element.closest("[inert]")) continue;
    for (const key of element.dataset.key.split("|")) found.set(key, { element, key, label: labelOf(element) });
  }
  return found;
}

function labelOf(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, svg, .count")) extra.remove();
  return copy.textContent.replace(/\s+/g, " ").trim() || element.getAttribute("aria-label") || element.placeholder || "";
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const modified = event.ctrlKey || event.metaKey;
  if (modified && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") return void press("mod+k", event);
  if (document.querySelector("dialog[open]")) return;
  if (modified || isTyping(event.target)) return;
  if (mode() === "off" || event.altKey !== (mode() === "alt")) return;
  const key = event.altKey && event.code?.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  if (key.length > 1) return;
  if (pending) {
    const sequence = `${pending} ${key}`;
    forget();
    if (press(sequence, event)) return;
  }
  if (press(key, event)) return;
  if ([...keysOfPage().keys()].some((one) => one.startsWith(`${key} `))) {
    pending = key;
    clearTimeout(pendingTimer);
    pendingTimer = setTimeout(forget, WAIT);
  }
});

const forget = () => {
  pending = "";
};

const isTyping = (target) => isField(target) || target?.closest?.("[role=listbox], [role=tablist] select") !== null;

function press(key, event) {
  const found = keysOfPage().get(key);
  if (!found) return false;
  event.preventDefault();
  const { element } = found;
  if (isField(element)) {
    element.focus();
    element.select?.();
  } else {
    if (element.checkVisibility?.()) element.focus({ preventScroll: true });
    element.click();
  }
  return true;
}

/** Press what was pressed before everything was there (early.js), in its order; what follows a key that leads to a field
 * is typed into it. */
export async function pressEarlyKeys() {
  const keys = window.earlyKeys ?? [];
  while (keys.length) {
    const { key, code, altKey, shiftKey } = keys.shift();
    const at = document.activeElement ?? document.body;
    if (isField(at)) typeInto(at, key);
    else at.dispatchEvent(new KeyboardEvent("keydown", { key, code, altKey, shiftKey, bubbles: true, cancelable: true }));
    await new Promise((resolve) => setTimeout(resolve));
  }
  removeEventListener("keydown", window.hearEarly, true);
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-help]")) help();
});

function help() {
  const here = [];
  const everywhere = [];
  for (const { element, key, label } of keysOfPage().values()) {
    if (key === "mod+k") continue;
    (element.closest(".top, .side, .toasts") ? everywhere : here).push(row(label, shown(key)));
  }
  const mod = isMac ? "⌘" : "Ctrl";
  const other = document.querySelector("button[data-press=shift]");
  if (other) here.push(row(other.querySelector("[data-press-label]")?.textContent ?? "", [mod, "Shift", "Enter"]));
  everywhere.push(row(words("keysClose"), ["Esc"]), row(words("keysSend"), [mod, "Enter"]));
  const lists = document.querySelector("[data-list]")
    ? [row(words("keysMove"), ["j", "k"]), row(words("keysOpen"), ["Enter"]), row(words("keysSelect"), ["x"]), row(words("keysExtend"), ["Shift", "j", "k"])]
    : [];
  const state = make("p", { class: "small" }, `${words("keysMode")}: ${words({ on: "keysOn", alt: "keysAlt", off: "keysOff" }[mode()])} `);
  const change = document.getElementById("words")?.dataset.keysUrl;
  if (change) state.append(make("a", { href: change }, words("keysChange")));
  const content = make("div", { class: "keys" }, state, ...group("keysHere", here), ...group("keysLists", lists), ...group("keysEverywhere", everywhere));
  const asked = ask({ title: words("keysTitle"), buttons: [{ value: "", label: words("close"), primary: true }] });
  const box = document.querySelector("dialog[open]:last-of-type .dialog__body");
  box?.querySelector("p")?.replaceWith(content);
  return asked;
}

const group = (title, rows) => (rows.length ? [make("div", {}, make("h3", { class: "keys__title" }, words(title)), make("dl", { class: "keys__group" }, ...rows))] : []);
const row = (label, keys) => make("div", { class: "keys__row" }, make("dt", {}, label), make("dd", {}, ...keys.map((key) => make("kbd", { class: "key" }, key))));
const shown = (key) => [...(mode() === "alt" ? ["Alt"] : []), ...key.split(" ")];

for (const hint of document.querySelectorAll("[data-mod-key]")) if (isMac) hint.textContent = `⌘ ${hint.dataset.modKey}`;
