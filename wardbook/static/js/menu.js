// Popovers stand beside their button; on a phone the style sheet makes them sheets from below.
import { onContent } from "./page.js";

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.dataset?.menu) return;
  place(menu, document.getElementById(menu.dataset.menu));
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
