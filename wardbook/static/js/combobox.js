// <cw-combobox>: a real text field with a list that the server (or a <select>) fills (ux P14). Focus stays in the field.
import { announce, pointTo } from "./focus-announce.js";
import { drawing, make, parse, process, sendForPiece } from "./page.js";
import { words } from "./words.js";

const PAUSE = 150;
const SPEAK_AFTER = 500;

export class Combobox extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.input = this.querySelector("input[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    this.hidden_ = this.querySelector("input[data-value]");
    this.chips = this.querySelector(".combo__chips");
    if (!this.input || !this.list) return;
    this.source ??= (text) => this.ask(text);
    this.turn = 0;
    this.chosenText = this.hidden_?.value || this.dataset.chosen ? this.input.value : "";
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.left());
    this.input.addEventListener("click", () => this.dataset.local && this.list.hidden && this.search());
    // The palette offers what was opened last before a letter is typed.
    if (this.hasAttribute("data-go")) this.input.addEventListener("focus", () => !this.input.value && this.list.hidden && this.search());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (button) this.remove_(button.closest(".combo__chip"));
      else if (event.target.closest(".combo__box") === event.target) this.input.focus();
    });
    this.chips?.addEventListener("keydown", (event) => this.chipPressed(event));
    this.follow = () => this.place();
  }

  get multiple() {
    return this.hasAttribute("data-multiple");
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  typed() {
    this.forget();
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    const least = this.hasAttribute("data-go") && !text ? 0 : Number(this.dataset.min) || 1;
    if (text.length < least && !this.dataset.local) return this.close();
    this.timer = setTimeout(() => this.search(text), this.dataset.local ? 0 : PAUSE);
    return undefined;
  }

  /** Text that changed is no longer the choice it was. */
  forget() {
    this.explain("");
    if (this.multiple || this.input.value === this.chosenText) return;
    const had = this.hidden_?.value;
    this.chosenText = "";
    if (this.hidden_) this.hidden_.value = "";
    this.querySelector("input[data-new]")?.remove();
    if (had) this.tell({ value: "", label: "", add: "" });
  }

  async ask(text) {
    this.abort?.abort();
    this.abort = new AbortController();
    const join = this.dataset.url.includes("?") ? "&" : "?";
    const held = this.multiple ? this.values.map((value) => `&not=${encodeURIComponent(value)}`).join("") : "";
    const url = `${this.dataset.url}${join}q=${encodeURIComponent(text)}${held}`;
    const response = await sendForPiece(url, `ul#${this.list.id}`, { signal: this.abort.signal });
    if (response.status === 401) document.dispatchEvent(new CustomEvent("signin"));
    return response.ok ? parse(await response.text()) : null;
  }

  async search(text = this.dataset.local ? "" : this.input.value.trim()) {
    const turn = ++this.turn;
    this.input.setAttribute("aria-busy", "true");
    let found = null;
    try {
      found = await this.source(text);
    } catch (error) {
      if (error.name === "AbortError") return;
    }
    if (turn !== this.turn) return;
    this.input.removeAttribute("aria-busy");
    if (document.activeElement === this.input) this.show(found);
  }

  show(found) {
    this.list.replaceChildren(...(found?.querySelectorAll("[role=option], .combo__group") ?? []));
    const options = this.options;
    for (const [index, option] of options.entries()) option.id = `${this.list.id}-${index}`;
    const matches = options.filter((option) => !option.dataset.add).length;
    if (!options.length) {
      if (this.hasAttribute("data-go")) return this.close();
      this.list.append(make("li", { class: "combo__none", role: "presentation" }, words("matchesNone")));
    }
    this.open();
    const selected = options.find((option) => option.hasAttribute("data-now"));
    const first = this.hasAttribute("data-go") || this.hasAttribute("data-free") ? null : selected ?? options[0];
    this.activate(first);
    clearTimeout(this.speaker);
    this.speaker = setTimeout(() => announce(matches === 1 ? words("matchesOne") : matches ? words("matchesMany", { count: matches }) : words("matchesNone")), SPEAK_AFTER);
    return undefined;
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    // In the top layer, so that no dialog or table cuts it off.
    if (this.list.showPopover && !this.list.matches(":popover-open")) {
      this.list.popover = "manual";
      this.list.showPopover();
    }
    this.place();
    addEventListener("scroll", this.follow, { capture: true, passive: true });
    addEventListener("resize", this.follow);
  }

  place() {
    const box = (this.querySelector(".combo__box") ?? this.input).getBoundingClientRect();
    const width = Math.min(Math.max(box.width, 300), innerWidth - 16);
    const roomBelow = innerHeight - box.bottom - 12;
    const up = roomBelow < 180 && box.top > roomBelow;
    this.list.style.position = "fixed";
    this.list.style.width = `${width}px`;
    this.list.style.left = `${Math.max(8, Math.min(getComputedStyle(this).direction === "rtl" ? box.right - width : box.left, innerWidth - width - 8))}px`;
    this.list.style.maxHeight = `${Math.min(352, up ? box.top - 12 : roomBelow)}px`;
    this.list.style.top = up ? "auto" : `${box.bottom + 4}px`;
    this.list.style.bottom = up ? `${innerHeight - box.top + 4}px` : "auto";
  }

  close() {
    clearTimeout(this.timer);
    this.turn += 1;
    this.activate(null);
    this.input.setAttribute("aria-expanded", "false");
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.list.hidden = true;
    removeEventListener("scroll", this.follow, { capture: true });
    removeEventListener("resize", this.follow);
  }

  activate(option) {
    pointTo(option, this.options, this.input);
    this.active = option;
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const options = this.options;
    const isOpen = !this.list.hidden;
    const at = options.indexOf(this.active);
    const move = { ArrowDown: at + 1, ArrowUp: at < 0 ? options.length - 1 : at - 1, Home: 0, End: options.length - 1 }[event.key];
    if (["ArrowDown", "ArrowUp"].includes(event.key) && !isOpen) {
      event.preventDefault();
      this.search();
    } else if (move !== undefined && isOpen && options.length) {
      event.preventDefault();
      this.activate(options[(move + options.length) % options.length]);
    } else if (event.key === "Enter" && isOpen && this.active) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Enter" && !this.hasAttribute("data-go") && this.input.value && !this.chosenText && !this.hasAttribute("data-free")) {
      // Enter before the list has come: wait for it rather than submit half a choice.
      event.preventDefault();
      if (!isOpen) this.search();
    } else if (event.key === "Escape" && (isOpen || this.input.value) && !this.dataset.local) {
      if (isOpen) this.close();
      else this.clear();
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && this.multiple && !this.input.value) {
      const last = this.chips?.lastElementChild?.querySelector("[data-remove]");
      if (last) event.preventDefault();
      last?.focus();
    }
  }

  clear() {
    this.input.value = "";
    this.forget();
  }

  choose(option) {
    const { value, label, add = "", href } = option.dataset;
    if (href) return void (location.href = href);
    if (this.multiple) this.addChip(value, label, add);
    else {
      this.input.value = label;
      this.chosenText = label;
      if (this.hidden_) this.hidden_.value = value;
      this.querySelector("input[data-new]")?.remove();
      if (add) this.append(make("input", { type: "hidden", name: `${this.dataset.name}_new`, value: add, "data-new": true }));
    }
    this.explain("");
    this.close();
    announce(words("chosen", { label }));
    this.tell({ value, label, add });
    const next = document.getElementById(this.dataset.next ?? "");
    if (next) next.focus();
  }

  /** Others may want to know: an event, a field to remember drafts by, a piece to load. */
  tell(detail) {
    this.dispatchEvent(new CustomEvent("cw:chosen", { bubbles: true, detail }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    if (this.dataset.chosenGet) this.loadPiece(detail);
  }

  async loadPiece({ value, add }) {
    const target = document.querySelector(this.dataset.chosenTarget);
    if (!target) return;
    if (!value && !add) return void target.replaceChildren();
    const url = `${this.dataset.chosenGet}${encodeURIComponent(value)}${add ? `&new=${encodeURIComponent(add)}` : ""}`;
    const response = await sendForPiece(url, `${target.tagName.toLowerCase()}#${target.id}`).catch(() => null);
    if (!response?.ok) return;
    target.replaceChildren(parse(await response.text()));
    process(target);
    announce(target.querySelector("[data-say]")?.dataset.say ?? "");
  }

  get values() {
    return [...(this.chips?.querySelectorAll(".combo__chip") ?? [])].map((chip) => chip.dataset.value);
  }

  addChip(value, label, add) {
    this.input.value = "";
    if (value && this.values.includes(value)) return;
    const remove = make("button", { type: "button", class: "combo__remove", "data-remove": true }, make("span", { class: "vh" }, words("remove", { label })));
    remove.prepend(cross());
    const field = make("input", { type: "hidden", name: add ? `${this.dataset.name}_new` : this.dataset.name, value: add || value });
    const chip = make("span", { class: "combo__chip", "data-value": value }, make("span", { class: "clip", dir: "auto" }, label), remove);
    if (!this.dataset.local) chip.append(field);
    this.chips.append(chip);
  }

  remove_(chip) {
    const label = chip.firstElementChild.textContent;
    const next = chip.nextElementSibling?.querySelector("[data-remove]") ?? this.input;
    chip.remove();
    next.focus();
    announce(words("removed", { label }));
    this.tell({ value: chip.dataset.value, label, add: "", removed: true });
  }

  chipPressed(event) {
    const chip = event.target.closest(".combo__chip");
    const goTo = { ArrowLeft: chip?.previousElementSibling, ArrowRight: chip?.nextElementSibling ?? this.input }[event.key];
    if (["Backspace", "Delete"].includes(event.key)) {
      event.preventDefault();
      this.remove_(chip);
    } else if (goTo) {
      event.preventDefault();
      (goTo.querySelector?.("[data-remove]") ?? goTo).focus();
    }
  }

  left() {
    setTimeout(() => {
      if (this.contains(document.activeElement) && document.activeElement === this.input) return;
      const text = this.input.value.trim();
      const same = this.options.filter((option) => !option.dataset.add && option.dataset.label.toLocaleLowerCase() === text.toLocaleLowerCase());
      if (text && text !== this.chosenText && same.length === 1 && !this.list.hidden && !this.hasAttribute("data-go")) this.chooseQuietly(same[0]);
      this.close();
      const open = text && this.input.value !== this.chosenText && !this.hasAttribute("data-free") && !this.hasAttribute("data-go");
      this.explain(open && this.isConnected ? this.dataset.explain ?? words("chooseOne") : "");
    }, 0);
  }

  chooseQuietly(option) {
    const next = this.dataset.next;
    delete this.dataset.next;
    this.choose(option);
    if (next) this.dataset.next = next;
  }

  /** Text that is no choice stays, and is explained. */
  explain(text) {
    let place = this.querySelector(".combo__explain");
    if (!text) return void place?.remove();
    if (!place) {
      place = make("p", { class: "field__hint combo__explain", id: `${this.input.id}-explain` });
      this.append(place);
    }
    place.textContent = text;
  }
}

const cross = () => drawing("M18 6 6 18M6 6l12 12", 14);

customElements.define("cw-combobox", Combobox);
