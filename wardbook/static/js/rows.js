// Keys and the menu of the row in hand (e done, h later), and sections that fold on a phone.
import { all, onContent } from "./page.js";

function lendKeys(row) {
  for (const element of document.querySelectorAll("[data-row-key]")) {
    if (row.contains(element)) element.dataset.key = element.dataset.rowKey;
    else delete element.dataset.key;
  }
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (row?.querySelector("[data-row-key]")) lendKeys(row);
});

// One menu for all rows: before it opens it is told for which. In the capture phase, before the button acts.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-later]");
  const menu = button && document.getElementById("later-menu");
  if (!menu) return;
  const back = location.pathname + location.search;
  menu.dataset.menu = button.id;
  menu.querySelector("form").action = button.dataset.later;
  menu.querySelector("[name=back]").value = back;
  menu.querySelector("a").href = `${button.dataset.later}?back=${encodeURIComponent(back)}`;
}, true);

onContent((root) => {
  const held = document.querySelector("[data-row] [data-row-key][data-key]");
  const first = held?.closest("[data-row]") ?? document.querySelector("[data-row]:has([data-row-key])");
  if (first) lendKeys(first);
  if (!matchMedia("(max-width: 48rem)").matches) return;
  const folds = all(root, "details[data-phone-fold]");
  for (const fold of folds.slice(1)) fold.open = false;
});
