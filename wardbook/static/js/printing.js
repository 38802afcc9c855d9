// Paper: what the page shows; the notes of the office only when that was asked for.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-print]");
  if (!button) return;
  for (const note of document.querySelectorAll(".entry--office")) note.classList.toggle("entry--printed", button.dataset.print === "office");
  print();
});
