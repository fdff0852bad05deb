// Completion in the text: of `[[` to anything that can be linked to, of `@` to people. The focus stays in the text; the arrow
// keys move what is chosen in the list.
const LINK = /\[\[([^\[\]\n]{0,60})$/;
const MENTION = /(?:^|[\s(（])@([\p{L}\p{N}._-]{1,40})$/u;
const ASK_AFTER = 120;

function setUpCompleting(desk) {
  const { facts } = desk;
  const list = document.createElement("ul");
  list.className = "desk-options";
  list.id = "desk-options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", facts.words.matches);
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "hidden-text";
  status.setAttribute("role", "status");
  document.body.append(list, status);
  let field = null;
  let wanted = null;
  let chosen = -1;
  let options = [];
  let asked = 0;
  let timer = 0;
  let controller = null;

  const close = () => {
    clearTimeout(timer);
    controller?.abort();
    asked += 1;
    list.hidden = true;
    chosen = -1;
    options = [];
    field?.removeAttribute("aria-activedescendant");
  };

  const choose = (number) => {
    const { length } = options;
    chosen = (number + length) % length;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === chosen)));
    list.children[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[chosen].id);
  };

  const take = (option) => {
    const end = field.selectionStart;
    const behind = field.value.slice(end).startsWith("]]") && wanted.for === "link" ? 2 : 0;
    field.setSelectionRange(wanted.from, end + behind);
    insertAtCursor(field, option.insert);
    close();
  };

  const show = (found) => {
    options = found;
    list.replaceChildren(
      ...found.map(({ title, kind }, number) => {
        const item = document.createElement("li");
        item.id = `desk-option-${number}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.append(title);
        const small = document.createElement("small");
        small.textContent = kind;
        item.append(" ", small);
        return item;
      }),
    );
    status.textContent = facts.words.found.replace("{count}", found.length);
    list.hidden = !found.length;
    if (!found.length) return;
    placeUnder(list, field, wanted.from);
    choose(0);
  };

  const look = () => {
    const before = field.value.slice(Math.max(0, field.selectionStart - 70), field.selectionStart);
    const link = LINK.exec(before);
    const mention = MENTION.exec(before);
    const match = link ?? mention;
    if (!match || field.selectionStart !== field.selectionEnd) {
      close();
      return;
    }
    const sign = link ? 2 : 1;
    wanted = { for: link ? "link" : "mention", q: match[1], from: field.selectionStart - match[1].length - sign };
    clearTimeout(timer);
    timer = setTimeout(ask, ASK_AFTER);
  };

  const ask = async () => {
    asked += 1;
    const number = asked;
    controller?.abort();
    controller = new AbortController();
    try {
      const query = new URLSearchParams({ q: wanted.q, for: wanted.for });
      const answer = await fetch(`/complete.json?${query}`, { signal: controller.signal });
      const found = answer.ok ? await answer.json() : { suggestions: [] };
      if (number === asked && document.activeElement === field) show(found.suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  const press = (event) => {
    if (list.hidden || event.isComposing || event.keyCode === 229) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) choose(chosen + steps[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") take(options[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };

  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) take(options[[...list.children].indexOf(item)]);
  });
  for (const text of desk.texts) {
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", list.id);
    text.addEventListener("input", (event) => {
      field = text;
      if (!event.isComposing) look();
    });
    text.addEventListener("compositionend", () => {
      field = text;
      look();
    });
    text.addEventListener("keydown", press);
    text.addEventListener("blur", close);
    text.addEventListener("click", close);
  }
}

// Put `list` under the character `place` of a text. Where it is shows a copy of the text up to there, laid out in the same way.
function placeUnder(list, field, place) {
  const copy = document.createElement("div");
  const style = getComputedStyle(field);
  for (const name of ["font", "letterSpacing", "padding", "border", "width", "boxSizing", "lineHeight", "textIndent"]) {
    copy.style[name] = style[name];
  }
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word" });
  copy.textContent = field.value.slice(0, place);
  const mark = document.createElement("span");
  mark.textContent = "[";
  copy.append(mark);
  document.body.append(copy);
  const box = field.getBoundingClientRect();
  const top = box.top + mark.offsetTop - field.scrollTop + parseFloat(style.lineHeight);
  const left = box.left + mark.offsetLeft;
  copy.remove();
  list.style.top = `${Math.min(top, innerHeight - 60) + scrollY}px`;
  list.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - list.offsetWidth - 8))}px`;
}
