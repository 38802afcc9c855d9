// Files: chosen or dropped, each with its own state; one that fails does not take the others with it (ux P18).
import { announce } from "./focus-announce.js";
import { all, make, onContent, operationKey } from "./page.js";
import { csrfToken } from "./token.js";
import { words } from "./words.js";

onContent((root) => {
  for (const drop of all(root, "[data-drop]")) setUp(drop);
});

function setUp(drop) {
  if (drop.dataset.ready) return;
  drop.dataset.ready = "1";
  const input = drop.querySelector("input[type=file]");
  const take = (files) => (drop.dataset.upload ? files.forEach((file) => upload(drop, file)) : choose(drop, input, files));

  input.addEventListener("change", () => {
    const files = [...input.files];
    if (drop.dataset.upload) input.value = "";
    take(files);
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.dataset.over = "1";
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => delete drop.dataset.over);
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = [...event.dataTransfer.files];
    take(drop.dataset.upload ? dropped : [...input.files, ...dropped].slice(input.multiple ? 0 : -1));
  });
}

const most = (drop) => Number(drop.dataset.maxMb) || 50;
const tooLarge = (drop, file) => file.size > most(drop) * 1024 * 1024;

function size(bytes) {
  const unit = bytes > 1e6 ? ["megabyte", bytes / 1e6] : ["kilobyte", Math.max(1, bytes / 1e3)];
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: unit[0], maximumFractionDigits: unit[1] < 10 ? 1 : 0 }).format(unit[1]);
}

function line(drop, file) {
  const state = make("span", { class: "drop__state" }, words("uploadWaiting"));
  const tools = make("span", { class: "cluster" });
  const item = make("li", { class: "drop__file" }, make("span", { class: "drop__name", dir: "auto" }, `${file.name} `, make("span", { class: "muted tiny" }, size(file.size))), state, tools);
  drop.querySelector("[data-drop-list]").append(item);
  const button = (text, act) => {
    const one = make("button", { type: "button", class: "link-btn small" }, text, make("span", { class: "vh" }, ` ${file.name}`));
    one.addEventListener("click", act);
    tools.append(one);
  };
  return {
    item, tools, button,
    say(name, text) {
      item.dataset.state = name;
      state.textContent = text;
    },
  };
}

// With the form: the files stay in the field.
function choose(drop, input, files) {
  // Where the limit is for all together, what still has room stays.
  let room = "together" in drop.dataset ? most(drop) * 1024 * 1024 : Infinity;
  const good = files.filter((file) => {
    const fits = file.size && !tooLarge(drop, file) && file.size <= room;
    if (fits) room -= file.size;
    return fits;
  });
  const bad = files.filter((file) => !good.includes(file));
  const why = (file) => {
    if (!file.size) return words("uploadEmpty");
    return words(tooLarge(drop, file) ? "uploadLarge" : "uploadTogether", { max: most(drop) });
  };
  const set = (list) => {
    const data = new DataTransfer();
    for (const file of list) data.items.add(file);
    input.files = data.files;
  };
  set(good);
  drop.querySelector("[data-drop-list]").replaceChildren();
  for (const file of good) {
    const row = line(drop, file);
    row.say("chosen", words("uploadChosen"));
    row.button(words("remove", { label: "" }).trim(), () => {
      choose(drop, input, [...input.files].filter((one) => one !== file));
      input.focus();
    });
  }
  for (const file of bad) line(drop, file).say("failed", why(file));
  const form = drop.closest("form[data-send-files]");
  if (form && good.length) form.requestSubmit();
  if (bad.length) announce(`${bad[0].name}: ${why(bad[0])}`);
}

// By itself: each file is its own request, with progress (fetch has none, so XMLHttpRequest).
function upload(drop, file) {
  const row = line(drop, file);
  if (tooLarge(drop, file)) {
    const text = words("uploadLarge", { max: most(drop) });
    row.say("failed", text);
    return announce(`${file.name}: ${text}`);
  }
  const bar = make("progress", { max: 100, value: 0, "aria-label": file.name });
  const key = operationKey();
  const go = () => {
    row.tools.replaceChildren();
    row.item.append(bar);
    row.say("sending", words("uploadPart", { percent: 0 }));
    const request = new XMLHttpRequest();
    request.open("POST", drop.dataset.upload);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Idempotency-Key", key);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.round((100 * event.loaded) / (event.total || 1));
      bar.value = percent;
      row.say("sending", words("uploadPart", { percent }));
    });
    request.addEventListener("load", () => arrived(drop, file, row, bar, request, go));
    request.addEventListener("error", () => failed(file, row, bar, "", go));
    const data = new FormData();
    data.append("file", file);
    request.send(data);
  };
  go();
  return undefined;
}

function arrived(drop, file, row, bar, request, again) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // An error page is not JSON; our own words do then.
  }
  if (request.status === 401) document.dispatchEvent(new CustomEvent("signin"));
  if (request.status >= 300) return failed(file, row, bar, answer.error ?? "", again);
  bar.remove();
  row.say("sent", words("uploadDone"));
  announce(`${file.name}: ${words("uploadDone")}`);
  if (answer.id) row.item.append(make("input", { type: "hidden", name: drop.dataset.uploadName || "uploads", value: answer.id }));
  drop.dispatchEvent(new CustomEvent("cw:uploaded", { bubbles: true, detail: answer }));
  return undefined;
}

function failed(file, row, bar, text, again) {
  bar.remove();
  row.say("failed", text || words("uploadFailed"));
  row.tools.replaceChildren();
  row.button(words("uploadRetry"), again);
  row.button(words("remove", { label: "" }).trim(), () => row.item.remove());
  announce(`${file.name}: ${text || words("uploadFailed")}`);
}

// A button elsewhere that opens the choice of a drop, even of one that is folded away.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-choose-files]");
  if (button) document.getElementById(button.dataset.chooseFiles)?.click();
});
