// A day in words: chips fill it, the browser's calendar is behind a button, and the server says it back in full.
import { all, debounce, onContent, send } from "./page.js";

onContent((root) => {
  for (const box of all(root, "[data-day]")) setUp(box);
});

function setUp(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = "1";
  const input = box.querySelector("input[type=text]");
  const native = box.querySelector("[data-day-native]");
  const echo = box.querySelector("[data-day-echo]");
  let asked = 0;

  const say = async () => {
    const text = input.value.trim();
    const turn = ++asked;
    if (!text || !box.dataset.echo) return void (echo.textContent = "");
    const response = await send(`${box.dataset.echo}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (turn !== asked || !response || ![200, 422].includes(response.status)) return;
    const answer = await response.json().catch(() => ({}));
    echo.toggleAttribute("data-wrong", response.status === 422);
    echo.textContent = answer.words ?? answer.error ?? "";
    if (answer.iso) native.value = answer.iso;
  };
  const sayLater = debounce(250, say);

  const set = (text) => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    sayLater.cancel();
    say();
  };

  input.addEventListener("input", sayLater);
  box.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-day-set]");
    if (chip) set(chip.dataset.daySet);
    if (event.target.closest("[data-day-open]")) native.showPicker?.();
  });
  native.addEventListener("change", () => native.value && set(native.value));
}
