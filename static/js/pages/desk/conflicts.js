// Where both have changed the same passage, theirs can be put in place of mine with one button.
function setUpConflicts(desk) {
  const { facts } = desk;
  for (const block of document.querySelectorAll("[data-conflict]")) {
    const { field, mine, theirs } = JSON.parse(block.dataset.conflict);
    const control = document.getElementById(field);
    if (!control || typeof mine !== "string" || typeof theirs !== "string") continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button secondary small";
    button.textContent = facts.words.takeTheirs;
    const status = document.createElement("p");
    status.className = "hint";
    status.setAttribute("role", "status");
    button.addEventListener("click", () => {
      const place = control.value.indexOf(mine);
      if (place < 0) {
        status.textContent = facts.words.notFound;
        return;
      }
      control.focus();
      if (control.matches("select")) control.value = theirs;
      else {
        control.setSelectionRange(place, place + mine.length);
        insertAtCursor(control, theirs);
      }
      desk.touched();
      button.disabled = true;
      status.textContent = facts.words.taken;
    });
    block.append(button, status);
  }
}
