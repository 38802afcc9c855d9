// What the server or the network refuses is told in words over the page; the form keeps what was typed (ux P6).
import { words } from "./words.js";

// In a dialog the page behind is out of reach: the words stand in the dialog then.
const place = () => {
  const body = document.querySelector("dialog[open] .dialog__body");
  if (!body) return document.getElementById("trouble");
  const own = body.querySelector("[data-trouble-here]");
  if (own) return own;
  const made = document.createElement("div");
  made.setAttribute("role", "alert");
  made.dataset.troubleHere = "";
  body.prepend(made);
  return made;
};

/** Show a sentence, and the reference to quote. */
export function showTrouble(text, reference = "") {
  const box = place();
  if (!box) return;
  const banner = document.createElement("div");
  banner.className = "banner banner--trouble";
  const body = document.createElement("div");
  body.className = "banner__text";
  const line = document.createElement("p");
  line.textContent = text;
  body.append(line);
  if (reference) {
    const quote = document.createElement("p");
    quote.textContent = words("troubleReference", { reference });
    body.append(quote);
  }
  banner.append(body);
  box.replaceChildren(banner);
  box.scrollIntoView({ block: "nearest" });
}

export function clearTrouble() {
  for (const box of document.querySelectorAll("#trouble, [data-trouble-here]")) box.replaceChildren();
}

/** The words for an answer that is not shown: those of the error page, else ours. */
export function tellAnswer(status, text, reference = "") {
  const page = text ? new DOMParser().parseFromString(text, "text/html") : null;
  const own = page?.querySelector("[data-trouble]")?.textContent.replace(/\s+/g, " ").trim();
  const usual = { 404: "troubleGone", 410: "troubleGone", 413: "troubleLarge", 429: "troubleWait" }[status] ?? "trouble";
  const quoted = reference || page?.querySelector("[data-reference]")?.textContent.trim() || "";
  showTrouble(own || words(usual), quoted);
}

document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = event.detail;
  const status = ctx.response.status;
  if (status === 409 || status === 422 || status === 401) return;
  if (ctx.sourceElement?.closest?.("[data-quiet]")) return;
  tellAnswer(status, ctx.text, ctx.response.headers.get("X-Reference") ?? "");
});

document.addEventListener("htmx:error", (event) => {
  const { ctx, error } = event.detail;
  if (!ctx || error?.name === "AbortError") return;
  if (ctx.sourceElement?.closest?.("[data-quiet]")) return;
  if (error instanceof TypeError) showTrouble(words("troubleNetwork"));
});

document.addEventListener("htmx:before:request", (event) => {
  if (event.detail.ctx?.request?.method !== "GET") clearTrouble();
});

// Offline at the desk.
const line = () => document.getElementById("offline");
const show = () => {
  if (line()) line().hidden = navigator.onLine;
};
addEventListener("online", show);
addEventListener("offline", show);
show();
