// A button that copies the text beside it, and says so.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = button.parentElement.querySelector("input");
    field.select();
    await navigator.clipboard.writeText(field.value);
    const label = button.querySelector("[role=status]");
    const before = label.textContent;
    label.textContent = button.dataset.copy;
    setTimeout(() => {
      label.textContent = before;
    }, 2000);
  });
}
