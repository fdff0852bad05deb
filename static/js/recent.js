// The recent searches of this browser: noted on the page of results, listed on the empty search page and by
// `suggest.js`, forgotten at a button and at log-out. They stay here; only who wants them kept sends them to the server.
const KEY = "recent-searches";
const MOST = 8;
const isMember = JSON.parse(document.querySelector("[data-suggest]")?.dataset.suggest ?? "{}").member;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    // What somebody did while logged in is not for whoever uses the browser afterwards, and the other way round.
    return kept?.isMember === isMember ? kept.texts : [];
  } catch {
    return [];
  }
}

function write(texts) {
  try {
    if (texts.length) localStorage.setItem(KEY, JSON.stringify({ isMember, texts: texts.slice(0, MOST) }));
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing.
  }
}

// A page of an error knows nobody.
if (typeof isMember === "boolean") write(read());
const searched = document.querySelector("[data-searched]");

if (searched) {
  const text = searched.dataset.searched;
  write([text, ...read().filter((other) => other !== text)]);
  if ("keep" in searched.dataset) {
    const body = new FormData(searched);
    fetch(searched.action, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
  }
}

const block = document.querySelector("[data-recent]");

if (block) {
  const list = block.querySelector("[data-recent-list]");
  const clear = block.querySelector("[data-recent-clear]");
  const shown = new Set([...list.querySelectorAll("a")].map((link) => link.textContent));
  // What this browser knows is at least as new as what the server had when it made the page.
  for (const text of read().filter((other) => !shown.has(other)).reverse()) {
    const link = document.createElement("a");
    link.className = "tag";
    link.href = `${document.querySelector("[data-suggest]").getAttribute("action")}?${new URLSearchParams({ q: text })}`;
    link.textContent = text;
    list.prepend(document.createElement("li"));
    list.firstElementChild.append(link);
  }
  if (list.children.length) block.hidden = false;
  if (clear && list.children.length) {
    clear.hidden = false;
    clear.addEventListener("click", () => {
      write([]);
      list.replaceChildren();
      clear.hidden = true;
      block.hidden = !isMember;
      document.querySelector("main [data-search]")?.focus();
    });
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-recent-forget], form[action$='/logout']")) write([]);
});
