// Popovers stand beside their button; on a phone the style sheet makes them sheets from below.
import { isField, onContent } from "./page.js";

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.dataset?.menu) return;
  place(menu, document.getElementById(menu.dataset.menu));
}, true);

// Opened by a key: the first entry has the focus, the arrows move, and a letter goes to what begins with it.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.matches?.(".menu")) return;
  if (document.getElementById(menu.dataset.menu)?.matches(":focus-visible")) itemsOf(menu)[0]?.focus();
}, true);

const itemsOf = (menu) => [...menu.querySelectorAll(".menu__item")].filter((item) => item.checkVisibility());

document.addEventListener("keydown", (event) => {
  // Whoever types fast is ahead of the focus: then it is on the button still.
  const menu = event.target.closest?.(".menu:popover-open") ?? document.querySelector(".menu:popover-open");
  if (!menu || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
  const items = itemsOf(menu);
  const at = items.indexOf(event.target);
  const letter = event.key.length === 1 && event.key !== " " ? event.key.toLowerCase() : "";
  const begins = letter ? [...items.slice(at + 1), ...items.slice(0, at + 1)].find((item) => item.textContent.trim().toLowerCase().startsWith(letter)) : null;
  // Before the keys of the page: in a menu a letter means an entry.
  const to = { ArrowDown: items[(at + 1) % items.length], ArrowUp: items.at(at < 0 ? -1 : at - 1), Home: items[0], End: items.at(-1) }[event.key] ?? begins;
  if (!to) return;
  event.preventDefault();
  to.focus();
}, true);

function place(menu, button) {
  if (!button || matchMedia("(max-width: 48rem)").matches) return;
  const gap = 6;
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + gap + size.height <= innerHeight || at.top < size.height;
  const rightward = getComputedStyle(menu).direction === "rtl" ? menu.classList.contains("menu--end") : !menu.classList.contains("menu--end");
  const x = rightward ? at.left : at.right - size.width;
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - size.width - 8))}px`;
  menu.style.top = `${below ? at.bottom + gap : at.top - gap - size.height}px`;
}

// A menu closes when one of its entries acts.
document.addEventListener("click", (event) => {
  const item = event.target.closest?.(".menu .menu__item");
  if (item) item.closest("[popover]")?.hidePopover?.();
});

// On a phone the columns beside the timeline are sheets.
const phone = matchMedia("(max-width: 48rem)");
const sheets = (root) => {
  for (const sheet of root.querySelectorAll("[data-sheet]")) {
    if (phone.matches) sheet.setAttribute("popover", "auto");
    else sheet.removeAttribute("popover");
  }
};
onContent(sheets);
phone.addEventListener("change", () => sheets(document));
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-sheet-open]");
  if (opener) document.getElementById(opener.dataset.sheetOpen)?.togglePopover?.();
});
