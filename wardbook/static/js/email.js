// Templates: the words of the chosen one go in where the cursor is, without losing what is typed.
import { onContent, all } from "./page.js";

onContent((root) => {
  for (const button of all(root, "[data-insert]")) {
    if (button.dataset.ready) continue;
    button.dataset.ready = "1";
    button.addEventListener("click", (event) => insert(event, button));
  }
});

async function insert(event, button) {
  const form = button.form;
  const chosen = form.elements.template?.value;
  const place = button.closest("[data-template-url]");
  const state = form.querySelector("[data-template-state]");
  event.preventDefault();
  if (!chosen || !place) return;
  const response = await fetch(place.dataset.templateUrl.replace("/0/", `/${chosen}/`), { headers: { Accept: "application/json" } });
  if (!response.ok) return void (state.textContent = "");
  const { subject, body, missing } = await response.json();
  const text = form.elements.body;
  const at = text.selectionStart ?? text.value.length;
  text.setRangeText(body, at, text.selectionEnd ?? at, "end");
  const named = form.elements.subject;
  if (subject && [named.dataset.usual ?? "", ""].includes(named.value.trim())) named.value = subject;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  state.textContent = missing.join(" ");
  text.focus();
}

// `;;` in the text goes to the templates; Enter there puts the chosen one in and goes back.
document.addEventListener("input", (event) => {
  const text = event.target;
  const templates = text.name === "body" && text.form?.querySelector("[data-template-url] select[name=template]");
  if (!templates || event.inputType?.startsWith("delete")) return;
  const at = text.selectionStart;
  if (text.value.slice(at - 2, at) !== ";;") return;
  text.setRangeText("", at - 2, at, "end");
  templates.focus();
});

document.addEventListener("keydown", (event) => {
  const templates = event.target.closest?.("[data-template-url] select[name=template]");
  if (!templates || event.key !== "Enter" || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  event.preventDefault();
  templates.form.querySelector("[data-insert]")?.click();
});
