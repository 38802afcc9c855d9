// The sentences of c/words.html, already in the reader's language.
export function words(name, values = {}) {
  const text = document.getElementById("words")?.dataset[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export const language = () => document.documentElement.lang || "en";

export function clock(at = new Date()) {
  return new Date(at).toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit", hour12: false });
}
