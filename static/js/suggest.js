// Suggestions under the search boxes: the combobox pattern of the ARIA Authoring Practices, with a list that is asked for
// while one types. The focus stays in the box; the arrow keys move what is chosen in the list.
const DELAY = 80;
const MOST_RECENT = 3;
const words = JSON.parse(document.querySelector("[data-suggest]")?.dataset.suggest ?? "null");

function recentSearches() {
  try {
    const kept = JSON.parse(localStorage.getItem("recent-searches"));
    return kept?.isMember === words.member ? kept.texts : [];
  } catch {
    return [];
  }
}

function element(className, attributes = {}, text = "") {
  const made = document.createElement("div");
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

class Suggestions {
  constructor(input, number) {
    this.input = input;
    this.form = input.form;
    this.list = element("suggestions", { role: "listbox", id: `suggestions-${number}`, "aria-label": words.label });
    this.list.hidden = true;
    this.status = element("hidden-text", { role: "status" });
    this.form.append(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    this.options = [];
    this.chosen = -1;
    // Answers carry the number of their question: one that comes late is dropped.
    this.asked = 0;
    this.isComposing = false;
    this.listen();
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("compositionstart", () => {
      this.isComposing = true;
      this.stop();
    });
    input.addEventListener("compositionend", () => {
      this.isComposing = false;
      this.askSoon();
    });
    input.addEventListener("input", (event) => {
      if (!this.isComposing && !event.isComposing) this.askSoon();
    });
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("click", () => {
      if (!input.value.trim() && list.hidden) this.ask();
    });
    input.addEventListener("blur", () => this.close());
    this.form.addEventListener("submit", () => this.close());
    // A press of the mouse must not take the focus out of the box, or the list is gone before the click.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.open(this.options.find(({ node }) => node === option), event.ctrlKey || event.metaKey);
    });
  }

  press(event) {
    // While characters are being composed, all keys belong to the input method. (229: Safari's last one of them.)
    if (event.isComposing || this.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (this.list.hidden) this.ask();
      else this.choose(this.chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      if (this.chosen < 0) return;
      event.preventDefault();
      this.open(this.options[this.chosen]);
    } else if (event.key === "Escape") {
      if (!this.list.hidden) this.close();
      else if (this.input.value) this.input.value = "";
      else return;
      event.preventDefault();
    } else if (event.key === "Tab") {
      this.close();
    }
  }

  // Past either end of the list is the box itself.
  choose(number) {
    this.options[this.chosen]?.node.setAttribute("aria-selected", "false");
    const { length } = this.options;
    this.chosen = number >= length ? -1 : number < -1 ? length - 1 : number;
    const node = this.options[this.chosen]?.node;
    node?.setAttribute("aria-selected", "true");
    node?.scrollIntoView({ block: "nearest" });
    if (node) this.input.setAttribute("aria-activedescendant", node.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  open({ url, text }, inNewTab = false) {
    this.close();
    if (url && inNewTab) window.open(url, "_blank", "noopener");
    else if (url) location.assign(url);
    else {
      this.input.value = text;
      this.form.requestSubmit();
    }
  }

  askSoon() {
    this.stop();
    this.timer = setTimeout(() => this.ask(), DELAY);
  }

  stop() {
    clearTimeout(this.timer);
    this.controller?.abort();
    this.asked += 1;
  }

  async ask() {
    this.stop();
    const number = this.asked;
    const text = this.input.value.trim();
    // A visitor's recent searches are in the browser only; without words there is nothing else to ask for.
    if (!text && !words.member) {
      this.show(text, { suggestions: [], recent: [] });
      return;
    }
    this.controller = new AbortController();
    try {
      const query = new URLSearchParams({ q: text });
      const { signal } = this.controller;
      const answer = await fetch(`${words.url}?${query}`, { signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? await answer.json() : { suggestions: [], recent: [] };
      if (number === this.asked && document.activeElement === this.input) this.show(text, found);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(text, found) {
    this.choose(-1);
    this.options = [];
    this.list.replaceChildren();
    const typed = text.toLowerCase();
    const recent = [...new Set([...recentSearches(), ...found.recent])].filter(
      (other) => other.toLowerCase().includes(typed) && other !== text,
    );
    if (text) this.add(this.list, { text, title: words.search.replace("{text}", text), className: "as-typed" });
    this.addGroup(
      words.recent,
      recent.slice(0, text ? MOST_RECENT : 8).map((other) => ({ text: other, title: other })),
    );
    for (const label of new Set(found.suggestions.map((each) => each.label))) {
      this.addGroup(
        label,
        found.suggestions.filter((each) => each.label === label),
      );
    }
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.status.textContent = this.list.hidden ? "" : words.count.replace("{count}", this.options.length);
  }

  addGroup(label, options) {
    if (!options.length) return;
    const group = element("suggestions-group", { role: "group", "aria-label": label });
    group.append(element("suggestions-label", { "aria-hidden": "true" }, label));
    for (const option of options) this.add(group, option);
    this.list.append(group);
  }

  add(parent, { title, text, url, className = "" }) {
    const id = `${this.list.id}-${this.options.length}`;
    const node = element(`suggestion ${className}`.trim(), { role: "option", id, "aria-selected": "false" }, title);
    parent.append(node);
    this.options.push({ node, text, url });
  }

  close() {
    this.stop();
    this.choose(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }
}

if (words) {
  for (const [number, input] of document.querySelectorAll("input[data-suggests]").entries()) {
    new Suggestions(input, number);
  }
}
