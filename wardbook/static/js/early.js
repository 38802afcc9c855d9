// Runs before the first paint, so that nothing meant for pages without JavaScript flashes up.
document.documentElement.classList.add("js");

// The policy of the page takes strings as HTML, from our own server or htmx, through here only (Trusted Types). Scripts
// and addresses of scripts made of strings have no way at all.
window.trustedTypes?.createPolicy("default", { createHTML: (html) => html });
