// Forms: one submit at a time, a button that says what it is doing, counts, and nothing unsaved lost by leaving.
import { ask } from "./ask.js";
import { all, isField, onContent, renewOperations } from "./page.js";
import { words } from "./words.js";

const GIVE_UP = 20_000;
const sending = new WeakMap();

// Runs before htmx: a second submit of the same form is dropped while the first is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (sending.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// Runs after the form's own listeners: what they prevented is not under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const byHtmx = form.matches("[hx-post], [data-hx-post]");
  if (event.defaultPrevented && !byHtmx) return;
  begin(form, event.submitter ?? form.querySelector("button:not([type=button])"));
  // What is shown in a frame leaves this page as it is: done when the frame is.
  const frame = form.target && document.querySelector(`iframe[name="${CSS.escape(form.target)}"]`);
  if (frame) frame.addEventListener("load", () => end(form), { once: true });
});

function begin(form, button) {
  const timer = setTimeout(() => end(form), GIVE_UP);
  const was = button ? [...button.childNodes] : [];
  sending.set(form, { button, was, timer });
  form.setAttribute("aria-busy", "true");
  if (!button) return;
  button.style.minInlineSize = `${button.offsetWidth}px`;
  // Not `disabled`: focus would fall to the page.
  button.setAttribute("aria-disabled", "true");
  if (!button.matches(".segment__choice, .menu__item, .role")) button.replaceChildren(button.dataset.busy || words("working"));
}

function end(form) {
  const state = sending.get(form);
  if (!state) return;
  clearTimeout(state.timer);
  sending.delete(form);
  form.removeAttribute("aria-busy");
  if (!state.button) return;
  state.button.removeAttribute("aria-disabled");
  state.button.style.minInlineSize = "";
  state.button.replaceChildren(...state.was);
}

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx?.sourceElement instanceof HTMLFormElement ? ctx.sourceElement : null;
  if (!form) return;
  end(form);
  // Done once: the next press of this form is a new act. A refusal frees the key, so a retry keeps it.
  if (ctx.response && ctx.response.status < 400) {
    renewOperations(form);
    remember(form);
  }
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) {
    end(form);
    renewOperations(form);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form");
  if (!form || form.method !== "post") return;
  // With Shift: the other way that the form offers, "Send and close".
  const other = event.shiftKey && form.querySelector("button[data-press=shift]");
  event.preventDefault();
  form.requestSubmit(other || form.querySelector("button.btn--primary:not([type=button])") || undefined);
});

// Counts as text.
function count(field) {
  let place = field.parentElement.querySelector(":scope > .field__count");
  if (!place) {
    place = document.createElement("span");
    place.className = "field__count";
    field.after(place);
  }
  const max = Number(field.dataset.count);
  const update = () => {
    const length = field.value.length;
    place.toggleAttribute("data-over", length > max);
    place.textContent = length > max ? words("countOver", { count: length - max }) : words("count", { count: length, max });
  };
  field.addEventListener("input", update);
  update();
}

// Nothing unsaved is lost by leaving.
const snapshots = new WeakMap();

export const contents = (form) => {
  const pairs = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "operation"].includes(name));
  return JSON.stringify(pairs.map(([name, value]) => [name, value instanceof File ? value.name : value]));
};

function remember(form) {
  if (form.method === "post") snapshots.set(form, contents(form));
}

/** Whether the person changed something in this form since it was drawn. */
export const isDirty = (form) => snapshots.has(form) && !sending.has(form) && form.isConnected && snapshots.get(form) !== contents(form);

/** Resolves true when the form may be left: nothing to save, or the person said what to do. */
export async function mayLeave(form) {
  // A draft is kept by itself; a form that has both is asked about all the same (S1.15).
  if (!isDirty(form) || (form.dataset.draft && !form.hasAttribute("data-guard"))) return true;
  const answer = await ask({
    title: words("unsavedTitle"),
    text: words("unsavedText"),
    buttons: [
      { value: "save", label: words("unsavedSave"), primary: true },
      { value: "discard", label: words("unsavedDiscard") },
      { value: "stay", label: words("unsavedStay") },
    ],
  });
  if (answer === "save") form.requestSubmit(form.querySelector("button.btn--primary:not([type=button])") ?? undefined);
  if (answer !== "discard") return false;
  form.dispatchEvent(new CustomEvent("cw:discard", { bubbles: true }));
  snapshots.delete(form);
  return true;
}

const guarded = () => [...document.querySelectorAll("form[data-guard]")].filter((form) => !form.dataset.draft && isDirty(form));

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.matches("[data-dialog], [hx-get]") || link.getAttribute("href").startsWith("#")) return;
  const [form] = guarded();
  if (!form) return;
  event.preventDefault();
  if (await mayLeave(form)) location.href = link.href;
});

addEventListener("beforeunload", (event) => {
  if (guarded().length) event.preventDefault();
});

// A link of the error summary puts focus in the field and its label in view.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".summary a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  const control = isField(field) ? field : field.querySelector("input, select, textarea") ?? field;
  control.focus({ preventScroll: true });
  (field.closest(".field") ?? field).scrollIntoView({ block: "center" });
});

document.addEventListener("change", (event) => {
  event.target.closest?.("form[data-submit-on-change]")?.requestSubmit();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-show-all]");
  if (!button) return;
  document.getElementById(button.getAttribute("aria-controls"))?.classList.remove("entry__body--cut");
  const text = document.getElementById(button.getAttribute("aria-controls"));
  button.parentElement.remove();
  if (text) {
    text.tabIndex = -1;
    text.focus({ preventScroll: true });
  }
});

onContent((root) => {
  // The server says what is wrong, in words and beside the field; the browser's bubbles would come first.
  for (const form of all(root, "form")) if (form.method === "post") form.noValidate = true;
  for (const field of all(root, "input[data-count], textarea[data-count]")) count(field);
  for (const form of all(root, "form[data-guard], #dialog-body form")) remember(form);
});
