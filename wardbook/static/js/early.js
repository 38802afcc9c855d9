// Runs before the first paint, so that nothing meant for pages without JavaScript flashes up.
document.documentElement.classList.add("js");

// The policy of the page takes strings as HTML, from our own server or htmx, through here only (Trusted Types). Scripts
// and addresses of scripts made of strings have no way at all.
window.trustedTypes?.createPolicy("default", { createHTML: (html) => html });

// Keys pressed while the rest of the page is still on its way are kept for keys.js (ux P16), but only from the moment
// that something of this page can be seen: what was pressed before that was meant for the page before it.
window.earlyKeys = [];
window.hearEarly = (event) => {
  const isForPage = event.key?.length === 1 && !event.ctrlKey && !event.metaKey && !event.target.matches?.("input, textarea, select");
  const isSeen = performance.getEntriesByName("first-contentful-paint").length > 0;
  if (!event.isTrusted || event.repeat || !isForPage || !isSeen) return;
  event.stopImmediatePropagation();
  window.earlyKeys.push(event);
};
addEventListener("keydown", window.hearEarly, true);
