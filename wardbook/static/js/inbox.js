// The Inbox: moving through the list shows each item beside it, without leaving the list.
import { focusOn } from "./focus-announce.js";
import { debounce, onContent, parse, process, sendForPiece } from "./page.js";

const beside = matchMedia("(min-width: 60.01rem)");
const PAUSE = 120;
let wanted = "";

// A decision was made, or the item was opened: the focus is on it, and its row is in view.
onContent((root) => {
  if (root !== document) return;
  document.querySelector("[data-arrived]")?.focus({ preventScroll: true });
  if (beside.matches) document.querySelector(".inbox__row--open")?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("cw:row", (event) => {
  const link = event.target.querySelector(".inbox__link[data-row-link]");
  if (link && beside.matches) want(link);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".inbox__link[data-row-link]");
  if (!link || !beside.matches || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
  if (!document.getElementById("item")) return;
  event.preventDefault();
  want(link);
  later.cancel();
  // Pressed by Enter: the person goes on in the item. By pointer: the list keeps the focus.
  show(link, { goes: event.detail === 0 });
});

function want(link) {
  wanted = link.href;
  // No key may decide the item that is still beside the list.
  document.getElementById("item")?.setAttribute("inert", "");
  later(link);
}

const later = debounce(PAUSE, (link) => show(link));

async function show(link, { goes = false } = {}) {
  const address = link.href;
  const leave = () => {
    location.href = address;
  };
  let fresh;
  try {
    const response = await sendForPiece(address, "article#item");
    fresh = response.ok && !response.redirected ? parse(await response.text()).querySelector("#item") : null;
  } catch {
    return leave();
  }
  if (wanted !== address) return undefined;
  const old = document.getElementById("item");
  if (!fresh || !old) return leave();
  for (const row of document.querySelectorAll(".inbox__row")) {
    const is = row.contains(link);
    row.classList.toggle("inbox__row--open", is);
    row.toggleAttribute("data-current", is);
    if (is) link.setAttribute("aria-current", "true");
    else row.querySelector("[data-row-link]")?.removeAttribute("aria-current");
  }
  old.replaceWith(fresh);
  process(fresh);
  history.replaceState(history.state, "", address);
  document.title = document.title.replace(/^.*( – [^–]*)$/, (_, end) => `${fresh.dataset.title}${end}`);
  if (goes) focusOn(fresh);
  return undefined;
}
