// What is wrong with the page that is open; asked by test_every_page.py, after axe was put into it.
({
  async accessibility({ dark, onlyContrast = dark }) {
    const rules = onlyContrast ? { runOnly: { type: "rule", values: ["color-contrast"] } } : {};
    const found = await axe.run(document, { resultTypes: ["violations"], preload: false, ...rules });
    const places = (rule) => rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(" | ");
    return found.violations.map((rule) => `${rule.id}: ${places(rule)}`);
  },

  // One of each sort of thing that takes the focus: something about it or beside it must look different then.
  focus() {
    const seen = new Set();
    const bare = [];
    const features = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "transform"];
    const look = (one) => features.map((name) => getComputedStyle(one)[name]).join();
    const around = (one) => [
      one, one.parentElement, one.parentElement?.parentElement, one.nextElementSibling, one.previousElementSibling,
      one.closest(".tile, .stat, .choice, .chip"),
    ].filter(Boolean);
    for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      const sort = one.tagName + one.className + (one.type ?? "");
      const isThere = one.checkVisibility({ visibilityProperty: true }) && one.tabIndex >= 0 && !one.closest("[inert]");
      if (seen.has(sort) || !isThere) continue;
      seen.add(sort);
      document.activeElement.blur();
      const places = around(one);
      const before = places.map(look);
      one.focus({ preventScroll: true });
      if (document.activeElement !== one) continue;
      if (places.every((place, index) => look(place) === before[index])) bare.push(one.outerHTML.slice(0, 120));
    }
    return bare;
  },
})
