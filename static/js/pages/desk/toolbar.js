// What the toolbar does beyond what it brings: a table, files, and the keys that people know from elsewhere.
const KEYS = { b: "md-bold", i: "md-italic", k: "md-link" };

function setUpToolbar(desk) {
  for (const field of desk.texts) {
    const toolbar = document.querySelector(`markdown-toolbar[for="${field.id}"]`);
    field.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const button = KEYS[event.key] && toolbar?.querySelector(KEYS[event.key]);
      if (!button) return;
      event.preventDefault();
      button.click();
    });
    toolbar?.querySelector("[data-insert=heading]")?.addEventListener("click", () => turnHeading(field));
    toolbar?.querySelector("[data-insert=table]")?.addEventListener("click", () => {
      insertBlock(field, desk.facts.words.table);
    });
    for (const button of toolbar?.querySelectorAll("[data-pick]") ?? []) {
      const input = document.createElement("input");
      input.type = "file";
      input.multiple = true;
      input.accept = button.dataset.pick;
      button.addEventListener("click", () => input.click());
      input.addEventListener("change", () => {
        desk.upload(field, [...input.files]);
        input.value = "";
      });
    }
  }
}

// As if it were typed, so that it can be undone.
function insertAtCursor(field, text) {
  field.focus();
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

// The line under the cursor becomes a heading, then a smaller one, then a line again.
function turnHeading(field) {
  const next = { "": "## ", "## ": "### ", "### ": "" };
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const [mark] = /^(?:#{1,6} )?/.exec(field.value.slice(start));
  const end = field.selectionEnd;
  const wanted = next[mark] ?? "## ";
  field.setSelectionRange(start, start + mark.length);
  if (wanted) insertAtCursor(field, wanted);
  else {
    field.focus();
    document.execCommand("delete");
  }
  const place = Math.max(start, end + wanted.length - mark.length);
  field.setSelectionRange(place, place);
}

// In a paragraph of its own.
function insertBlock(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  insertAtCursor(field, `${lead}${text}${after.startsWith("\n") ? "\n" : "\n\n"}`);
}
