// Nothing typed is ever lost (ux P8): a draft on the server after a second's pause, a copy on the device until it is there.
import { ask } from "./ask.js";
import { all, onContent, send } from "./page.js";
import { clock, words } from "./words.js";

const PAUSE = 1000;
// What was ticked before a message goes ("confirmed") counts for that one press.
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "operation", "seen", "version", "confirmed"]);
// Files of a refused form wait on the server. The draft names them, so that they come back with it; the form lists them.
const isWaiting = (name) => name.endsWith("_waiting");
const states = new Map();

// The copy on the device.
const database = new Promise((resolve) => {
  const request = indexedDB.open("wardbook-drafts", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("drafts");
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => resolve(null);
});

async function device(mode, act) {
  const base = await database;
  if (!base) return undefined;
  return new Promise((resolve) => {
    const request = act(base.transaction("drafts", mode).objectStore("drafts"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(undefined);
  });
}

const owner = () => document.querySelector("meta[name=signed-in]")?.content ?? "";
const slot = (form) => `${owner()} ${form.dataset.draft}`;
const keep = (form, record) => device("readwrite", (store) => store.put(record, slot(form)));
const drop = (form) => device("readwrite", (store) => store.delete(slot(form)));
const kept = (form) => device("readonly", (store) => store.get(slot(form)));

/** What the form holds, as plain data. */
export function read(form) {
  const body = {};
  for (const [name, value] of new FormData(form)) {
    if (LEFT_OUT.has(name) || value instanceof File) continue;
    if (name in body) body[name] = [].concat(body[name], value);
    else body[name] = value;
  }
  return body;
}

export function fill(form, body) {
  for (const field of form.elements) {
    if (!field.name || LEFT_OUT.has(field.name) || isWaiting(field.name) || field.type === "file" || field.type === "submit") continue;
    const values = [].concat(body[field.name] ?? []);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
    else field.value = values[0] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function say(form, text) {
  const place = form.querySelector("[data-draft-state]");
  if (place) place.textContent = text;
}

const typed = (body) => Object.fromEntries(Object.entries(body).filter(([name]) => !isWaiting(name)));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isEmpty = (body) => Object.values(body).every((value) => [].concat(value).every((one) => !one.trim()));

// A form that was refused just now has files that its draft does not know of yet.
function nameFiles(form, state) {
  if (!all(form, "[name$=_waiting]").length) return;
  state.last = null;
  save(form);
}

async function start(form) {
  if (states.has(form)) return;
  const state = { version: Number(form.dataset.draftVersion) || 0, first: read(form), last: read(form), timer: 0, stopped: false, running: null };
  states.set(form, state);
  const copy = await kept(form);
  if (!form.isConnected) return;
  const delivered = copy?.sent && state.version === 0;
  if (!copy || delivered || same(typed(copy.body), typed(read(form))) || isEmpty(copy.body)) {
    if (copy) drop(form);
    return void nameFiles(form, state);
  }
  if (!same(state.first, read(form))) return;
  fill(form, copy.body);
  say(form, words("draftRestored", { time: clock(copy.at) }));
  save(form);
}

function changed(form) {
  const state = states.get(form);
  if (!state || state.stopped) return;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), PAUSE);
}

/** Bring the draft to the server now; `last` when the page is going away. */
async function save(form, { last = false } = {}) {
  const state = states.get(form);
  if (!state || state.stopped || !form.dataset.draft) return;
  clearTimeout(state.timer);
  const body = read(form);
  if (same(body, state.last)) return;
  const copied = keep(form, { body, at: Date.now(), sent: false });
  if (!last) await copied;
  if (state.running && !last) return void (state.again = true);
  state.running = true;
  say(form, words("draftSaving"));
  try {
    const response = await send(form.dataset.draft, {
      method: "PUT", keepalive: last, body: JSON.stringify({ version: state.version, body }),
      headers: { "Content-Type": "application/json", Accept: "application/json" },
    });
    if (state.stopped) return;
    await answered(form, state, body, response);
  } catch {
    say(form, words("draftDevice"));
  } finally {
    state.running = null;
    if (state.again && !state.stopped) {
      state.again = false;
      changed(form);
    }
  }
}

async function answered(form, state, body, response) {
  if (response.status === 401) {
    say(form, words("draftDevice"));
    document.dispatchEvent(new CustomEvent("signin"));
    return;
  }
  if (response.status === 409) return void (await other(form, state, await response.json()));
  if (!response.ok) return void say(form, words("draftDevice"));
  const answer = await response.json();
  state.version = answer.version;
  form.dataset.draftVersion = answer.version;
  state.last = body;
  say(form, words("draftSaved", { time: clock(answer.saved_at) }));
  if (same(body, read(form))) drop(form);
}

async function other(form, state, newer) {
  state.version = newer.version;
  const time = clock(newer.saved_at);
  const answer = await ask({
    title: words("draftOther", { time }),
    buttons: [{ value: "take", label: words("draftTake"), primary: true }, { value: "keep", label: words("draftKeep") }],
  });
  if (answer === "take") {
    state.last = newer.body;
    fill(form, newer.body);
    drop(form);
    say(form, words("draftSaved", { time }));
  } else {
    state.last = null;
    save(form);
  }
}

const draftForm = (target) => target?.closest?.("form[data-draft]");

document.addEventListener("input", (event) => draftForm(event.target) && changed(draftForm(event.target)));
document.addEventListener("change", (event) => draftForm(event.target) && changed(draftForm(event.target)));
document.addEventListener("focusout", (event) => {
  const form = draftForm(event.target);
  if (form && !form.contains(event.relatedTarget)) save(form);
});
const saveAll = (options) => {
  for (const form of states.keys()) {
    if (form.isConnected) save(form, options);
    else states.delete(form);
  }
};
document.addEventListener("visibilitychange", () => document.hidden && saveAll({ last: true }));
addEventListener("pagehide", () => saveAll({ last: true }));
addEventListener("online", () => saveAll());
document.addEventListener("cw:dialog-closed", () => saveAll({ last: true }));

// Thrown away on purpose: on the server and on the device.
document.addEventListener("cw:discard", (event) => {
  const form = draftForm(event.target);
  const state = form && states.get(form);
  if (!state) return;
  clearTimeout(state.timer);
  state.stopped = true;
  drop(form);
  send(form.dataset.draft, { method: "DELETE", keepalive: true }).catch(() => {});
});

// While it is being sent for good, no draft may come behind it and bring it back.
document.addEventListener("submit", (event) => {
  const form = draftForm(event.target);
  const state = form && states.get(form);
  if (!state || form.method !== "post") return;
  clearTimeout(state.timer);
  state.stopped = true;
  keep(form, { body: read(form), at: Date.now(), sent: true });
});
document.addEventListener("htmx:finally:request", (event) => {
  const form = event.detail.ctx?.sourceElement;
  const state = states.get(form);
  if (!state) return;
  const status = event.detail.ctx.response?.status ?? 0;
  if (status >= 200 && status < 300) {
    drop(form);
    state.version = 0;
    form.dataset.draftVersion = 0;
    state.last = read(form);
    say(form, "");
  }
  state.stopped = false;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const state of states.values()) state.stopped = false;
});

onContent((root) => {
  for (const form of all(root, "form[data-draft]")) start(form);
});
