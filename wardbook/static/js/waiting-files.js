// A file that waits in a refused form is taken out of it.
import { announce } from "./focus-announce.js";
import { words } from "./words.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-take-out]");
  if (!button) return;
  const row = button.closest("li");
  const name = row.querySelector(".drop__name").textContent.trim();
  const list = row.parentElement;
  const next = list.parentElement.querySelector("input[type=file]");
  row.remove();
  list.dispatchEvent(new Event("change", { bubbles: true }));
  next?.focus();
  announce(words("removed", { label: name }));
});
