// Remarks on what is selected, and remarks that stand beside their passage. Without this the same is done by a choice of
// paragraphs, and remarks stand in a list beside each part.
const WIDE = matchMedia("(width >= 64rem)");
const CONTEXT = 64;
const page = document.querySelector("[data-review-text]");
const words = [...document.querySelectorAll("[data-part]")];

function formOf(part) {
  return document.querySelector(`[data-new="${part.dataset.part}"]`);
}

// What is selected, if it lies within one part that can be remarked on.
function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const part = words.find((each) => each.contains(range.startContainer) && each.contains(range.endContainer));
  const quote = selection.toString().trim();
  return part && quote && formOf(part) ? { part, range, quote } : null;
}

function textBetween(part, range, before) {
  const around = document.createRange();
  around.selectNodeContents(part);
  if (before) around.setEnd(range.startContainer, range.startOffset);
  else around.setStart(range.endContainer, range.endOffset);
  const text = around.toString().replace(/\s+/g, " ");
  return before ? text.slice(-CONTEXT) : text.slice(0, CONTEXT);
}

// What is being remarked on, so that the form stands beside it as a note would.
const ranges = new WeakMap();

function placeOf(note) {
  const mark = note.dataset.passageOf && document.getElementById(`passage-${note.dataset.passageOf}`);
  return mark || ranges.get(note);
}

function begin({ part, range, quote }) {
  const details = formOf(part);
  ranges.set(details, range.cloneRange());
  const top = range.getBoundingClientRect().top;
  const next = [...details.parentElement.children].find(
    (note) => note !== details && placeOf(note) && placeOf(note).getBoundingClientRect().top > top,
  );
  details.parentElement.insertBefore(details, next ?? null);
  const form = details.querySelector("form");
  form.elements.quote.value = quote;
  form.elements.prefix.value = textBetween(part, range, true);
  form.elements.suffix.value = textBetween(part, range, false);
  const shown = details.querySelector("[data-quote]");
  shown.textContent = quote.length > 240 ? `${quote.slice(0, 240)}…` : quote;
  shown.hidden = false;
  details.querySelector("[data-passage]").hidden = true;
  details.open = true;
  bubble.hidden = true;
  align();
  form.elements.text.focus();
}

const bubble = document.createElement("button");
bubble.type = "button";
bubble.className = "button small review-bubble";
bubble.hidden = true;
bubble.addEventListener("mousedown", (event) => event.preventDefault());
bubble.addEventListener("click", () => {
  const found = selected();
  if (found) begin(found);
});

function follow() {
  const found = selected();
  bubble.hidden = !found;
  if (!found) return;
  const box = found.range.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left + scrollX, document.documentElement.clientWidth - bubble.offsetWidth - 8));
  bubble.style.setProperty("inset-block-start", `${box.bottom + scrollY + 6}px`);
  bubble.style.setProperty("inset-inline-start", `${left}px`);
}

// Each note as near to the height of its passage as the notes above leave room for.
function align() {
  for (const aside of document.querySelectorAll(".review-notes")) {
    const notes = [...aside.children];
    for (const note of notes) note.style.removeProperty("margin-block-start");
    if (!WIDE.matches) continue;
    for (const note of notes) {
      const place = placeOf(note);
      if (!place) continue;
      const missing = place.getBoundingClientRect().top - note.getBoundingClientRect().top;
      if (missing > 0) note.style.setProperty("margin-block-start", `${missing}px`);
    }
  }
}

// The note of a passage and the passage of a note are seen together.
function light(names, on) {
  for (const name of names) {
    for (const mark of document.querySelectorAll(`mark[data-passages~="${name}"]`)) mark.classList.toggle("is-current", on);
    document.getElementById(name)?.classList.toggle("is-current", on);
  }
}

function namesOf(target) {
  const mark = target.closest?.("mark.passage");
  if (mark) return mark.dataset.passages.split(" ");
  const note = target.closest?.("[data-passage-of]");
  return note ? [note.dataset.passageOf] : [];
}

if (page) {
  const anyForm = document.querySelector("[data-new]");
  if (anyForm) {
    bubble.textContent = page.dataset.bubble;
    document.body.append(bubble);
    for (const hint of document.querySelectorAll("[data-hint]")) hint.hidden = false;
    document.addEventListener("selectionchange", follow);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") bubble.hidden = true;
    });
  }
  for (const [name, on] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
    page.addEventListener(name, (event) => light(namesOf(event.target), on));
  }
  page.addEventListener("click", (event) => {
    const mark = event.target.closest("mark.passage");
    if (mark && document.getSelection().isCollapsed) document.getElementById(mark.dataset.passages.split(" ")[0])?.scrollIntoView({ block: "nearest" });
  });
  page.addEventListener("toggle", align, true);
  WIDE.addEventListener("change", align);
  addEventListener("resize", align);
  addEventListener("load", align);
  align();
}
