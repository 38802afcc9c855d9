// The page of a case: opened at the newest entry, the reference copied by a press.
import { announce, focusOn } from "./focus-announce.js";
import { all, isVisible, onContent } from "./page.js";

// A detail opened in place by a press: the next key is for its field. What is wrong comes first.
onContent((root) => {
  for (const place of all(root, ".editable--open")) {
    if (place.querySelector(".summary")) continue;
    const fields = [...place.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(isVisible);
    focusOn(fields.find((field) => field.type === "radio" && field.checked) ?? fields[0]);
  }
});

// Esc leaves a detail as it was. Words that were typed into it are not thrown away by a key.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  const place = event.target.closest?.(".editable--open");
  const typed = place && [...place.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
  if (place && !typed) place.querySelector("[id$='-cancel']")?.click();
});

// A tag is chosen to be on the case: that is all there is to say.
document.addEventListener("cw:chosen", (event) => {
  const form = !event.detail.removed && event.target.closest?.("form[data-saves-itself]");
  if (form) setTimeout(() => form.requestSubmit());
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    announce(button.dataset.copied);
  } catch {
    // Plain http on another machine has no clipboard: the reference is selected, to be copied by hand.
    const place = document.getElementById("case-reference");
    if (place) getSelection().selectAllChildren(place);
  }
});

// Oldest first, opened at the newest (ux 1.7), where the head of the page stays in view; on a phone a link leads there.
// An address that names an entry, and Back, keep their place.
const page = document.querySelector(".case");
const fresh = performance.getEntriesByType("navigation")[0]?.type === "navigate";
if (page && fresh && matchMedia("(min-width: 60.01rem)").matches && !page.dataset.newestFirst && !location.hash && !/[?&](before|after|entry)=/.test(location.search)) {
  const entries = document.querySelectorAll("#case-timeline .timeline > :is(.entry, .event, .fold)");
  const last = entries[entries.length - 1];
  if (last && last.getBoundingClientRect().bottom > innerHeight) last.scrollIntoView({ block: "end" });
}
