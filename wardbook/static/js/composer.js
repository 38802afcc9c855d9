// The composer's tabs: each its own form and draft; nothing typed in one ever reaches another (E2).
// The form of a tab is fetched when somebody is about to use it.
import { bring, expect } from "./composer-panel.js";
import { all, isField, onContent } from "./page.js";

// What the address asks for; once.
let asked = new URLSearchParams(location.search).get("write") ?? "";

function setUp(composer) {
  if (composer.dataset.ready) return;
  composer.dataset.ready = "1";
  const list = composer.querySelector("[data-composer-tabs]");
  const tabs = [...list.querySelectorAll("[data-tab]")];
  list.setAttribute("role", "tablist");
  for (const tab of tabs) {
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", tab.dataset.tab);
    tab.removeAttribute("aria-current");
    const panel = document.getElementById(tab.dataset.tab);
    panel.setAttribute("role", "tabpanel");
  }
  const selected = tabs.find((tab) => !document.getElementById(tab.dataset.tab).hidden) ?? tabs[0];
  select(tabs, selected);
  // An address that names a tab is somebody about to write.
  if (asked && asked === selected.id.replace("tab-", "")) whenThere(() => begin(composer, selected));
  asked = "";

  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    select(tabs, tab);
    open(composer, tab);
  });
  // The pointer is over it, or a finger on it: most often the press follows.
  list.addEventListener("pointerover", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) bring(tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target.closest("[data-tab]"));
    const back = getComputedStyle(list).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    const forth = back === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const goTo = { [back]: at - 1, [forth]: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (goTo === undefined || at < 0) return;
    event.preventDefault();
    const next = tabs[(goTo + tabs.length) % tabs.length];
    select(tabs, next);
    next.focus();
  });
  composer.querySelector("[data-composer-close]")?.addEventListener("click", () => shut(composer));
}

// With the readers in view over the text: nobody writes without seeing to whom.
function begin(composer, tab) {
  open(composer, tab);
  if (!small.matches) composer.scrollIntoView({ block: "start" });
}

// Only then: while it loads, the browser goes to the anchor again and takes the focus along.
function whenThere(act) {
  if (document.readyState === "complete") act();
  else addEventListener("load", () => requestAnimationFrame(act), { once: true });
}

function select(tabs, chosen) {
  for (const tab of tabs) {
    const is = tab === chosen;
    tab.setAttribute("aria-selected", String(is));
    tab.tabIndex = is ? 0 : -1;
    document.getElementById(tab.dataset.tab).hidden = !is;
  }
  bring(chosen);
}

const small = matchMedia("(max-width: 48rem)");

async function open(composer, tab) {
  if (small.matches && document.querySelector(".case__bar")) {
    composer.classList.add("composer--open");
    composer.dataset.opener = document.activeElement?.id ?? "";
    isolate(composer);
  }
  tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  const panel = document.getElementById(tab.dataset.tab);
  const typed = await expect(tab);
  if (panel.hidden || !panel.firstElementChild) return;
  const fields = [...panel.querySelectorAll("textarea, input, select")].filter((one) => isField(one) && one.type !== "hidden" && one.checkVisibility());
  const missing = fields.find((one) => one.required && !one.value);
  (panel.querySelector("[data-first]") ?? missing ?? panel.querySelector("textarea") ?? fields[0] ?? tab).focus();
  typed(document.activeElement);
  if (!small.matches) composer.scrollIntoView({ block: "nearest" });
}

// Full screen, all else is out of reach: Tab must not wander off behind it.
const SPOKEN = "#live, #toasts, dialog, script, template";
let behind = [];

function isolate(composer) {
  if (behind.length) return;
  for (let node = composer; node !== document.body; node = node.parentElement) {
    behind.push(...[...node.parentElement.children].filter((one) => one !== node && !one.inert && !one.matches(SPOKEN)));
  }
  for (const one of behind) one.inert = true;
}

function shut(composer) {
  composer.classList.remove("composer--open");
  for (const one of behind) one.inert = false;
  behind = [];
  document.getElementById(composer.dataset.opener)?.focus();
}

// The bar of a phone, and buttons like "Write": they press the tab.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-compose]");
  const tab = button && document.getElementById(`tab-${button.dataset.compose}`);
  if (!tab) return;
  event.preventDefault();
  tab.click();
});

document.addEventListener("keydown", (event) => {
  const full = document.querySelector(".composer--open");
  // An open menu is closed first.
  if (event.key === "Escape" && full && !event.defaultPrevented && !document.querySelector(":popover-open")) shut(full);
});

onContent((root) => {
  for (const composer of all(root, "[data-composer]")) setUp(composer);
});
