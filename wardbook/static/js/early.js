// Runs before the first paint, so that nothing meant for pages without JavaScript flashes up.
document.documentElement.classList.add("js");
