// Menus and confirmations are native details elements: script adds that they close.
const OPEN = "details.menu[open], details.confirm[open]";

function close(details, { focus = false } = {}) {
  details.open = false;
  if (focus) details.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const around = event.target.closest?.(OPEN);
  const open = around ?? document.querySelector(OPEN);
  if (open) close(open, { focus: true });
});

document.addEventListener("click", (event) => {
  for (const details of document.querySelectorAll(OPEN)) {
    if (!details.contains(event.target)) close(details);
  }
  const keep = event.target.closest?.("[data-close]");
  const details = keep?.closest("details");
  if (details) close(details, { focus: true });
});

// The way back is shown only where it works.
for (const button of document.querySelectorAll("[data-close][hidden]")) button.hidden = false;
