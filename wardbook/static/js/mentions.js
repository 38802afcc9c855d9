// "@an" in a note offers the colleagues who may see the case. Keys as in every list of a field (ux P14); focus stays in the text.
import { announce, pointTo } from "./focus-announce.js";
import { all, debounce, make, onContent, parse, sendForPiece } from "./page.js";
import { words } from "./words.js";

const CALL = /(?:^|[\s(])@([^\s@]{0,30}(?: [^\s@]{1,30})?)$/u;
const SPEAK_AFTER = 500;
let count = 0;

class Calls {
  constructor(text) {
    this.text = text;
    text.dataset.calls = "1";
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-haspopup", "listbox");
    this.list = make("ul", { class: "combo__list", role: "listbox", id: `mentions-${++count}`, "aria-label": words("colleagues"), hidden: true });
    text.after(this.list);
    text.setAttribute("aria-controls", this.list.id);
    const ask = debounce(150, () => this.ask());
    text.addEventListener("input", () => (this.typed() === null ? this.close() : ask()));
    text.addEventListener("keydown", (event) => this.pressed(event));
    text.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  /** What stands between an @ and the cursor, or null. */
  typed() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    return this.text.selectionStart === this.text.selectionEnd ? CALL.exec(before)?.[1] ?? null : null;
  }

  async ask() {
    const typed = this.typed();
    if (typed === null) return this.close();
    this.abort?.abort();
    this.abort = new AbortController();
    let response = null;
    try {
      response = await sendForPiece(`${this.text.dataset.mentions}?q=${encodeURIComponent(typed)}`, `ul#${this.list.id}`, { signal: this.abort.signal });
    } catch {
      return undefined;
    }
    if (!response.ok || this.typed() !== typed || document.activeElement !== this.text) return undefined;
    return this.show(parse(await response.text()));
  }

  show(found) {
    const options = [...found.querySelectorAll("[role=option]")];
    if (!options.length) return this.close();
    for (const [index, option] of options.entries()) option.id = `${this.list.id}-${index}`;
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    if (this.list.showPopover && !this.list.matches(":popover-open")) {
      this.list.popover = "manual";
      this.list.showPopover();
    }
    this.place();
    this.activate(options[0]);
    clearTimeout(this.speaker);
    this.speaker = setTimeout(() => announce(options.length === 1 ? words("matchesOne") : words("matchesMany", { count: options.length })), SPEAK_AFTER);
    return undefined;
  }

  place() {
    const box = this.text.getBoundingClientRect();
    const up = innerHeight - box.bottom < 180 && box.top > 180;
    Object.assign(this.list.style, {
      position: "fixed",
      left: `${Math.max(8, box.left)}px`,
      top: up ? "auto" : `${box.bottom + 4}px`,
      bottom: up ? `${innerHeight - box.top + 4}px` : "auto",
      maxHeight: `${Math.min(240, up ? box.top - 12 : innerHeight - box.bottom - 12)}px`,
    });
  }

  close() {
    clearTimeout(this.speaker);
    this.abort?.abort();
    this.activate(null);
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.list.hidden = true;
  }

  activate(option) {
    pointTo(option, this.list.children, this.text);
    this.active = option;
  }

  pressed(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const options = [...this.list.children];
    const at = options.indexOf(this.active);
    const move = { ArrowDown: at + 1, ArrowUp: at - 1 + options.length }[event.key];
    if (move !== undefined) this.activate(options[move % options.length]);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.active);
    else if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else return;
    event.preventDefault();
  }

  choose(option) {
    const { label } = option.dataset;
    const end = this.text.selectionStart;
    this.text.setRangeText(`@${label} `, end - this.typed().length - 1, end, "end");
    this.close();
    announce(words("chosen", { label }));
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

onContent((root) => {
  for (const text of all(root, "textarea[data-mentions]")) if (!text.dataset.calls) new Calls(text);
});
