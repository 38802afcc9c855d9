// Lists by keys: j k move, x selects, Shift extends; and the bar that counts what is selected.
import { announce } from "./focus-announce.js";
import { all, isField, onContent } from "./page.js";
import { words } from "./words.js";

const rowsOf = (list) => [...list.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility?.() ?? true);
const linkOf = (row) => row.querySelector("[data-row-link]");
const boxOf = (row) => row.querySelector("input[type=checkbox]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return;
  const mode = document.documentElement.dataset.keys ?? "on";
  const letter = event.key.toLowerCase();
  const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
  if (!["j", "k", "x"].includes(letter) && !isArrow && event.key !== "Escape") return;
  if (isField(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (!isArrow && event.key !== "Escape" && (mode === "off" || event.altKey !== (mode === "alt"))) return;
  const focusedList = event.target.closest?.("[data-list]");
  if ((isArrow || event.key === "Escape") && !focusedList) return;
  const list = focusedList ?? document.querySelector("[data-list]");
  if (!list) return;
  const rows = rowsOf(list);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const current = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("data-current"));
  if (event.key === "Escape") return void clear(list);
  if (letter === "x") {
    const box = rows[current] && boxOf(rows[current]);
    if (box) box.click();
    return;
  }
  const step = letter === "j" || event.key === "ArrowDown" ? 1 : -1;
  const next = rows[Math.max(0, Math.min(rows.length - 1, current < 0 ? 0 : current + step))];
  if (!next) return;
  event.preventDefault();
  if (event.shiftKey) for (const row of [rows[current], next]) tick(row, true);
  mark(rows, next);
  linkOf(next)?.focus();
  next.scrollIntoView({ block: "nearest" });
  next.dispatchEvent(new CustomEvent("cw:row", { bubbles: true }));
});

function mark(rows, chosen) {
  for (const row of rows) row.toggleAttribute("data-current", row === chosen);
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  const list = row?.closest("[data-list]");
  if (list) mark(rowsOf(list), row);
});

function tick(row, on) {
  const box = row && boxOf(row);
  if (!box || box.checked === on) return;
  box.checked = on;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

const ticked = (list) => [...list.querySelectorAll("[data-row] input[type=checkbox]:checked")];

function clear(list) {
  if (!list.matches("[data-bulk]")) return;
  for (const box of ticked(list)) box.checked = false;
  const everything = list.querySelector("[data-bulk-all]");
  if (everything) everything.checked = false;
  show(list, true);
}

function show(list, spoken) {
  const bar = list.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const count = ticked(list).length;
  const text = count ? words("selected", { count }) : words("selectedNone");
  bar.toggleAttribute("data-empty", count === 0);
  bar.querySelector("[data-bulk-count]").textContent = text;
  if (spoken) announce(text);
}

// With nothing ticked, the keys of the bar are about the current row (ux 1.2): it is ticked, and so the bar is seen.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.repeat || event.isComposing) return;
  const mode = document.documentElement.dataset.keys ?? "on";
  if (mode === "off" || event.altKey !== (mode === "alt")) return;
  if (isField(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
  const list = event.target.closest?.("[data-bulk]") ?? document.querySelector("[data-bulk]");
  if (!list || ticked(list).length) return;
  const key = event.altKey && event.code?.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  const act = [...list.querySelectorAll("[data-bulk-bar] [data-key]")].find((one) => one.dataset.key === key);
  const row = list.querySelector("[data-row][data-current]");
  if (!act || !row) return;
  event.preventDefault();
  tick(row, true);
  act.click();
});

let lastBox = null;

document.addEventListener("click", (event) => {
  const list = event.target.closest?.("[data-bulk]");
  if (!list) return;
  if (event.target.closest("[data-bulk-clear]")) return void clear(list);
  const box = event.target.closest("[data-row] input[type=checkbox]");
  if (!box) return;
  if (event.shiftKey && lastBox?.isConnected) {
    const rows = rowsOf(list);
    const ends = [rows.indexOf(lastBox.closest("[data-row]")), rows.indexOf(box.closest("[data-row]"))].sort((a, b) => a - b);
    for (const row of rows.slice(ends[0], ends[1] + 1)) tick(row, box.checked);
  }
  lastBox = box;
});

document.addEventListener("change", (event) => {
  const list = event.target.closest?.("[data-bulk]");
  if (!list || event.target.type !== "checkbox") return;
  if (event.target.matches("[data-bulk-page]")) for (const row of rowsOf(list)) tick(row, event.target.checked);
  show(list, true);
});

onContent((root) => {
  for (const list of all(root, "[data-bulk]")) show(list, false);
});
