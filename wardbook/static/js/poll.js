// Asks again now and then: presence, new entries, progress. Not while the tab is hidden or there is no network (ux P17).
import { announce } from "./focus-announce.js";
import { all, obeyHeaders, onContent, parse, process, sendForPiece } from "./page.js";

const LONGEST = 60;
// Nobody pressed anything: such a request does not keep a session from ending.
const BACKGROUND = { headers: { "X-Background": "1" } };

onContent((root) => {
  for (const element of all(root, "[data-poll]")) start(element);
});

function start(element) {
  if (element.dataset.polling) return;
  element.dataset.polling = "1";
  const every = Number(element.dataset.every) || 15;
  let wait = every;
  const next = () => setTimeout(look, wait * 1000);
  const look = async () => {
    if (!element.isConnected || !element.dataset.poll) return;
    if (document.hidden || !navigator.onLine) return void next();
    try {
      const response = await sendForPiece(element.dataset.poll, `${element.tagName.toLowerCase()}#${element.id}`, BACKGROUND);
      wait = response.ok ? every : Math.min(LONGEST, wait * 2);
      if (response.status === 401 || response.status === 404) return;
      if (obeyHeaders(response)) return;
      if (response.status === 200) put(element, await response.text());
    } catch {
      wait = Math.min(LONGEST, wait * 2);
    }
    if (element.isConnected) next();
  };
  next();
}

function put(element, html) {
  const content = parse(html);
  if (element.dataset.pollSwap === "outer") {
    const fresh = content.firstElementChild;
    element.replaceWith(content);
    if (fresh) process(fresh);
    const spoken = fresh?.dataset.say;
    if (spoken) announce(spoken);
    return;
  }
  if (element.textContent.trim() === content.textContent.trim()) return;
  element.replaceChildren(content);
  process(element);
}
