// The session has ended: sign in inside a dialog, on top of everything that was typed; then the request is repeated (ux P7).
import { announce } from "./focus-announce.js";
import { make, process } from "./page.js";
import { fetchPage, signInAddress, takeOver, who } from "./token.js";
import { words } from "./words.js";

let waiting = null;

document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.status !== 401) return;
  if (ctx.sourceElement?.closest?.("[data-quiet]")) return;
  signInAgain().then(() => repeat(ctx));
});
document.addEventListener("signin", () => signInAgain());

function repeat(ctx) {
  const source = ctx.sourceElement;
  if (!source?.isConnected) return;
  if (source instanceof HTMLFormElement) source.requestSubmit();
  else source.dispatchEvent(new Event(ctx.sourceEvent?.type ?? "click", { bubbles: true, cancelable: true }));
}

/** Resolves when the person is signed in again. One dialog, however many requests were refused. */
export function signInAgain() {
  waiting ??= ask().finally(() => (waiting = null));
  return waiting;
}

function ask() {
  const was = who();
  const body = make("div", { class: "dialog__body", "data-signin-body": true });
  const dialog = make("dialog", { class: "dialog dialog--small", "aria-labelledby": "signin-title" },
    make("div", { class: "dialog__head" }, make("h2", { class: "dialog__title", id: "signin-title" }, words("signinTitle"))), body);
  document.body.append(dialog);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.showModal();
  return new Promise((resolve) => {
    const finish = (page) => {
      if (was && who(page) !== was) return location.reload();
      takeOver(page);
      dialog.close();
      dialog.remove();
      announce(words("signinDone"));
      resolve();
    };
    const look = async () => {
      const page = await fetchPage(signInAddress());
      if (who(page)) finish(page);
    };
    const onFocus = () => (dialog.isConnected ? look() : removeEventListener("focus", onFocus));
    addEventListener("focus", onFocus);
    fetchPage(signInAddress()).then((page) => show(page, body, finish));
  });
}

function show(page, body, finish) {
  if (who(page)) return finish(page);
  const form = page.querySelector("form[data-signin]");
  const link = make("a", { href: signInAddress(), target: "_blank", rel: "noopener", class: "small" }, words("signinTab"));
  const intro = make("p", { class: "muted small" }, words("signinText"));
  if (!form) return body.replaceChildren(intro, link);
  const own = document.importNode(form, true);
  const action = new URL(form.getAttribute("action") || page.at, page.at || location.href);
  // Where a page without JavaScript would go next is of no use here.
  own.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const next = await fetchPage(action, { method: "POST", body: new FormData(own, event.submitter), headers: { "X-CSRFToken": page.querySelector("meta[name=csrf-token]")?.content ?? "" } });
    if (!who(next) && !next.querySelector("form[data-signin]")) announce(words("signinWrong"));
    show(next, body, finish);
  });
  body.replaceChildren(intro, own, link);
  process(own);
  const email = own.querySelector("input[name=login]");
  (own.querySelector("[aria-invalid=true]") ?? (email?.value ? own.querySelector("input[type=password]") : email) ?? own.querySelector("input:not([type=hidden])"))?.focus();
}
