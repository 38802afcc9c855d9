// A <select data-combobox> becomes a type-ahead over its own options; without JavaScript it stays a select.
import "./combobox.js";
import { all, drawing, make, onContent } from "./page.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

onContent((root) => {
  for (const select of all(root, "select[data-combobox]")) enhance(select);
});

function enhance(select) {
  if (select.dataset.ready || select.disabled) return;
  select.dataset.ready = "1";
  const id = select.id || `select-${Math.random().toString(36).slice(2)}`;
  select.id = `${id}-select`;
  const now = select.multiple ? null : select.selectedOptions[0];
  const input = make("input", {
    type: "text", id, class: `${select.multiple ? "" : "input "}combo__input`, role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list",
    "aria-describedby": select.getAttribute("aria-describedby"), "aria-invalid": select.getAttribute("aria-invalid"),
    "data-key": select.dataset.key, "data-autofocus": select.dataset.autofocus,
  });
  input.value = now?.value ? now.text.trim() : "";
  const box = make("div", { class: "combo__box" }, input);
  const combo = make("cw-combobox", { class: `combo${select.multiple ? " combo--tags" : ""}`, "data-local": "1", "data-name": select.name, "data-next": select.dataset.next, "data-chosen": input.value ? "1" : null }, box,
    make("ul", { id: `${id}-list`, class: "combo__list", role: "listbox", hidden: true, "aria-label": select.labels?.[0]?.textContent.trim() ?? select.getAttribute("aria-label") ?? "" }));
  if (select.multiple) {
    combo.dataset.multiple = "";
    box.prepend(make("span", { class: "combo__chips" }));
  }
  if (!select.multiple) {
    const mark = drawing("m6 9 6 6 6-6", 18);
    mark.classList.add("combo__mark");
    box.append(mark);
  }
  combo.source = async (text) => optionsOf(select, text);
  select.before(combo);
  select.hidden = true;
  select.setAttribute("aria-hidden", "true");
  if (select.multiple) for (const option of select.selectedOptions) combo.addChip(option.value, option.text.trim(), "");
  combo.addEventListener("cw:chosen", ({ detail }) => {
    for (const option of select.options) {
      if (option.value !== detail.value) continue;
      option.selected = !detail.removed;
    }
    if (!select.multiple && !detail.value) select.value = "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // A cleared text is the empty choice, if there is one; else what was chosen comes back.
  input.addEventListener("input", () => {
    if (!select.multiple && [...select.options].some((option) => !option.value)) select.value = "";
  });
  input.addEventListener("blur", () => {
    if (!select.multiple && select.value) input.value = combo.chosenText = select.selectedOptions[0].text.trim();
  });
}

function optionsOf(select, text) {
  const wanted = plain(text).split(/\s+/).filter(Boolean);
  const found = document.createDocumentFragment();
  let group = null;
  for (const option of select.options) {
    const label = option.text.trim();
    const parent = option.parentElement.label ?? "";
    if (!option.value || (select.multiple && option.selected)) continue;
    if (!wanted.every((word) => plain(`${parent} ${label}`).includes(word))) continue;
    if (parent && parent !== group) found.append(make("li", { class: "combo__group", role: "presentation" }, (group = parent)));
    const words_ = make("span", { class: "combo__words" }, make("span", { class: "combo__label", dir: "auto" }, label));
    found.append(make("li", { class: "combo__option", role: "option", "data-value": option.value, "data-label": label, "data-now": !select.multiple && option.selected }, words_));
  }
  return found;
}
