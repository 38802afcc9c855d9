// Quick log: what a person chooses in "Who" decides where the next word goes. Without this everything still works.
import { all, onContent } from "./page.js";

const within = (form, name) => form.querySelector(`#${form.dataset.quickLog}-${name}`);

/** "dewi pugh" as one writes a name; what has capitals already stays. */
const asName = (text) => (text === text.toLocaleLowerCase() ? text.replace(/(^|[\s'’-])\p{Ll}/gu, (start) => start.toLocaleUpperCase()) : text);

document.addEventListener("cw:chosen", (event) => {
  const form = event.target.closest?.("form[data-quick-log]");
  if (!form || event.target.dataset.name !== "person") return;
  const { value, add } = event.detail;
  const panel = form.querySelector("[data-new-person]");
  if (!panel) return;
  if (value) {
    for (const field of panel.querySelectorAll("input:not([type=checkbox])")) field.value = "";
    panel.open = false;
    event.target.dataset.next = `${form.dataset.quickLog}-what`;
  } else if (add) {
    const isNumber = /^[\d\s()+-]+$/.test(add);
    const kind = isNumber ? "new_phone" : add.includes("@") ? "new_email" : "new_name";
    panel.open = true;
    within(form, kind).value = kind === "new_name" ? asName(add) : add;
    within(form, kind).dispatchEvent(new Event("change", { bubbles: true }));
    event.target.dataset.next = `${form.dataset.quickLog}-${kind === "new_name" ? "new_phone" : "new_name"}`;
  }
});

// At most one policy area and category, as one can be kept.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-quick-log]");
  if (!form) return;
  if (event.target.name === "suggested_topic" && event.target.checked) {
    for (const other of form.querySelectorAll("[name=suggested_topic]:checked")) other.checked = other === event.target;
  }
  if (event.target.name === "how") showLetter(form);
});

function showLetter(form) {
  const fields = form.querySelector("[data-letter-fields]");
  fields?.toggleAttribute("data-on", form.querySelector("[name=how]:checked")?.value === form.dataset.letter);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const form = event.target.closest?.("form[data-quick-log]");
  const button = form?.querySelector("[data-alt-enter]");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

// "New case" on a page that shows the form already: there is nothing to open, only somewhere to go.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-jump]");
  const form = link && document.querySelector(link.getAttribute("href"));
  if (!form) return;
  event.preventDefault();
  form.scrollIntoView({ block: "start" });
  within(form, "what").focus({ preventScroll: true });
});

// The case just saved is where one goes on in the list (S1.16).
const saved = new URLSearchParams(location.search).get("saved");
if (saved) document.getElementById(`case-${saved}`)?.querySelector("[data-row-link]")?.focus();

onContent((root) => {
  for (const form of all(root, "form[data-quick-log]")) showLetter(form);
});
