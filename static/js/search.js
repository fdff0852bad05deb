// The key `/` leads to the search of the page, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// A result was opened: editors see which searches lead nowhere, and nobody sees whose they were.
const asked = document.querySelector("[data-clicked]");

if (asked) {
  const tell = (event) => {
    if (!event.target.closest?.(".hit-title a")) return;
    navigator.sendBeacon(asked.dataset.clicked, new URLSearchParams({ q: asked.dataset.searched }));
  };
  document.addEventListener("click", tell);
  document.addEventListener("auxclick", tell);
}
