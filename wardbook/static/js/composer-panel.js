// The form of a tab of the composer, fetched once, when somebody is about to use it.
import { isField, make, obeyHeaders, parse, process, sendForPiece, typeInto } from "./page.js";
import { signInAgain } from "./session.js";
import { showTrouble, tellAnswer } from "./trouble.js";
import { words } from "./words.js";

const underWay = new WeakMap();
const panelOf = (tab) => document.getElementById(tab.dataset.tab);

/** Begin to fetch the form of a tab; resolves to what went wrong, a function that tells it, or to nothing. */
export function bring(tab) {
  const panel = panelOf(tab);
  if (!panel.dataset.panelFrom) return Promise.resolve();
  if (!underWay.has(panel)) underWay.set(panel, fetchInto(panel).finally(() => underWay.delete(panel)));
  return underWay.get(panel);
}

async function fetchInto(panel) {
  panel.setAttribute("aria-busy", "true");
  const coming = make("p", { class: "composer__coming small muted" }, words("loading"));
  panel.replaceChildren(coming);
  try {
    const response = await sendForPiece(panel.dataset.panelFrom, `div#${panel.id}`);
    const text = await response.text();
    if (response.status === 401) return signInAgain;
    if (obeyHeaders(response)) return undefined;
    if (!response.ok) return () => tellAnswer(response.status, text, response.headers.get("X-Reference") ?? "");
    panel.replaceChildren(parse(text));
    delete panel.dataset.panelFrom;
    process(panel);
    return undefined;
  } catch {
    return () => showTrouble(words("troubleNetwork"));
  } finally {
    coming.remove();
    panel.removeAttribute("aria-busy");
  }
}

/** Wait for the form of a tab that was chosen, and say so if it does not come. What is typed meanwhile is for the
 * form, not for the keys of the page: call the answer with the field that shall have it. */
export async function expect(tab) {
  if (!panelOf(tab).dataset.panelFrom) return () => {};
  let typed = "";
  const hear = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1 || isField(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    typed += event.key;
  };
  addEventListener("keydown", hear, true);
  const trouble = await bring(tab);
  removeEventListener("keydown", hear, true);
  trouble?.();
  return (field) => {
    if (typed) typeInto(field, typed);
  };
}
