// A letter: the address follows whom it goes to, unless somebody has changed it; templates are filled for that person.
import { all, onContent } from "./page.js";

onContent((root) => {
  for (const choice of all(root, "[data-letter-to]")) {
    if (choice.dataset.ready) continue;
    choice.dataset.ready = "1";
    choice.addEventListener("change", (event) => follow(choice.closest("form"), event.target.value));
  }
});

const plain = (text) => text.replace(/\r\n/g, "\n").trim();

function follow(form, chosen) {
  const blocks = new Map(all(document, "template[data-letter-block]").map((one) => [one.dataset.letterBlock, plain(one.content.textContent)]));
  const address = form.elements.addressed_to;
  if (!plain(address.value) || [...blocks.values()].includes(plain(address.value))) {
    address.value = blocks.get(chosen) ?? "";
    address.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const speaks = document.querySelector(`template[data-letter-block="${CSS.escape(chosen)}"]`)?.dataset.letterLanguage;
  if (speaks) form.elements.language.value = speaks;
  const place = form.querySelector("[data-template-url]");
  if (!place) return;
  const url = new URL(place.dataset.templateUrl, location.href);
  url.searchParams.set("contact", chosen);
  place.dataset.templateUrl = url.pathname + url.search;
}

// A token goes where the cursor was, in the subject or the text.
let last = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("input[name=subject], textarea[name=body]")) last = event.target;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-token]");
  if (!button) return;
  const form = button.closest("form");
  const field = last && form.contains(last) ? last : form.elements.body;
  field.setRangeText(button.dataset.token, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
