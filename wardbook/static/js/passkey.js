// Passkeys: the browser speaks with the device, the form carries the answer. Needs webauthn-json.js of django-allauth.
import { words } from "./words.js";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-passkey]");
  const credential = form?.querySelector("input[name$=credential]");
  if (!credential || credential.dataset.answered) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const trouble = document.querySelector("[data-passkey-trouble]");
  if (trouble) trouble.textContent = "";
  try {
    credential.value = JSON.stringify(await answer(form));
    credential.dataset.answered = "1";
    form.requestSubmit();
  } catch {
    // The person cancelled, or the device has no such key: both are told alike by the browser.
    if (trouble) trouble.textContent = words("passkeyTrouble");
  }
}, true);

async function answer(form) {
  const kind = form.dataset.passkey;
  if (kind === "login") {
    const response = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    return window.webauthnJSON.get((await response.json()).request_options);
  }
  const options = JSON.parse(form.dataset.options);
  if (kind === "get") return window.webauthnJSON.get(options.request_options);
  const creation = options.creation_options;
  const passwordless = form.querySelector("input[name=passwordless]")?.checked;
  const selection = creation.publicKey.authenticatorSelection;
  if (passwordless !== undefined && selection) {
    selection.residentKey = passwordless ? "required" : "discouraged";
    selection.requireResidentKey = passwordless;
    if (passwordless) selection.userVerification = "required";
  }
  return window.webauthnJSON.create(creation);
}
