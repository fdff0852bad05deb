// Ticking people where there may be no connection. Every tap is kept on this device under the name of whoever tapped, until the
// site has answered that it is written down. A tap has a number of its own, so that one that is sent twice counts once.
const attendance = document.querySelector("[data-attendance]");

if (attendance) {
  const { url, key, attended, words } = JSON.parse(attendance.dataset.attendance);
  const rows = new Map([...attendance.querySelectorAll("[data-person]")].map((row) => [Number(row.dataset.person), row]));
  const sentLine = attendance.querySelector("[data-sent]");
  const tappedLine = attendance.querySelector("[data-tapped]");
  const undoButton = attendance.querySelector("[data-undo]");
  const restForm = attendance.querySelector("[data-rest] form");
  const filter = attendance.querySelector("[data-filter]");
  const token = attendance.querySelector("[name=csrf_token]")?.value;
  const BATCH = 100;
  const SOON = 2000;
  const LATER = 30000;
  let last = null;
  let sending = false;
  let pause = SOON;
  let timer = 0;
  let memory = [];

  // What is kept. Where the browser keeps nothing for us, this page's memory has to do.
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(key) || "[]");
    } catch {
      return memory;
    }
  };
  const keep = (taps) => {
    memory = taps;
    try {
      if (taps.length) localStorage.setItem(key, JSON.stringify(taps));
      else localStorage.removeItem(key);
    } catch {
      // The memory has it.
    }
  };

  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const label = (row, state) => row.querySelector(`[data-say="${state}"] span`)?.textContent ?? "";

  const paint = (id, state) => {
    const row = rows.get(Number(id));
    if (!row) return;
    row.dataset.state = state;
    for (const button of row.querySelectorAll("[data-say]")) {
      const isOn = button.dataset.say === state;
      button.setAttribute("aria-pressed", String(isOn));
      button.value = isOn ? "" : button.dataset.say;
    }
  };

  const count = () => {
    const states = [...rows.values()].map((row) => row.dataset.state);
    for (const figure of attendance.querySelectorAll("[data-count]")) {
      const wanted = figure.dataset.count;
      const counts = wanted === "attended" ? (state) => attended.includes(state) : (state) => state === wanted;
      figure.textContent = states.filter(counts).length;
    }
  };

  // What the site says, and over it what it does not know yet.
  const overlay = () => {
    for (const tap of kept()) {
      if (tap.undone) Object.entries(tap.back).forEach(([id, state]) => paint(id, state));
      else tap.who.filter((id) => !tap.rest || !rows.get(id)?.dataset.state).forEach((id) => paint(id, tap.state));
    }
    count();
  };

  const report = (problem) => {
    const unsent = kept().length;
    sentLine.textContent = problem || (unsent ? fill(words.unsent, { count: unsent }) : words.sent);
    sentLine.dataset.tone = unsent || problem ? "warn" : "good";
  };

  const take = (answer) => {
    const done = new Set(answer.taken);
    const before = kept();
    keep(before.filter((tap) => !done.has(tap.mark)));
    for (const [id] of rows) paint(id, answer.states[id] ?? "");
    overlay();
    const refused = before.filter((tap) => answer.refused[tap.mark]);
    const whom = (tap) => rows.get(tap.who?.[0])?.dataset.name ?? "";
    report(refused.map((tap) => fill(words.refused, { name: whom(tap), why: answer.refused[tap.mark] })).join(" "));
  };

  const send = async () => {
    clearTimeout(timer);
    const taps = kept().slice(0, BATCH);
    if (sending || !taps.length) return;
    sending = true;
    let problem = "";
    try {
      const now = Date.now();
      const body = taps.map(({ at, back, ...tap }) => ({ ...tap, ago: Math.max(0, now - at) }));
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ taps: body }),
        signal: AbortSignal.timeout(15000),
      });
      if (response.ok) {
        take(await response.json());
        pause = SOON;
      } else if (response.status < 500) {
        problem = words.stale;
      }
    } catch {
      // No connection, or none that is good enough. It is tried again.
    }
    sending = false;
    if (!kept().length) return;
    report(problem);
    timer = setTimeout(send, pause);
    pause = Math.min(pause * 2, LATER);
  };

  const soon = () => {
    pause = SOON;
    send();
  };

  const say = (tap, text, before) => {
    keep([...kept(), { mark: uuid(), at: Date.now(), ...tap }]);
    last = before && { mark: kept().at(-1).mark, before };
    undoButton.hidden = !last;
    attendance.querySelector(".attendance-undo form")?.remove();
    tappedLine.textContent = text;
    overlay();
    report();
    soon();
  };

  attendance.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-tap]") && event.submitter?.name === "state") {
      event.preventDefault();
      const row = form.closest("[data-person]");
      const { name, state: before } = row.dataset;
      const state = event.submitter.value;
      const text = state ? fill(words.tapped, { name, state: label(row, state) }) : fill(words.back, { name });
      const id = Number(row.dataset.person);
      say({ who: [id], state, note: form.elements.note.value }, text, { [id]: before });
    } else if (form === restForm) {
      event.preventDefault();
      const who = [...rows].filter(([, row]) => !row.dataset.state).map(([id]) => id);
      if (!who.length) return;
      const state = label(rows.get(who[0]), "present");
      const before = Object.fromEntries(who.map((id) => [id, ""]));
      say({ who, state: "present", rest: true }, fill(words.rest, { state }), before);
    }
  });

  undoButton?.addEventListener("click", () => {
    if (!last) return;
    const names = Object.keys(last.before).map((id) => rows.get(Number(id)).dataset.name);
    const name = names.length > 1 ? `${names.length}` : names[0];
    say({ undone: last.mark, back: last.before }, fill(words.back, { name }), null);
  });

  filter?.form.addEventListener("submit", (event) => event.preventDefault());
  filter?.addEventListener("input", () => {
    const text = filter.value.trim().toLowerCase();
    const shown = [...rows.values()].filter((row) => {
      row.hidden = !row.dataset.words.includes(text);
      return !row.hidden;
    });
    attendance.querySelector("[data-none]").hidden = shown.length > 0;
    if (restForm) restForm.hidden = Boolean(text);
  });

  if (sentLine) {
    addEventListener("online", soon);
    addEventListener("pageshow", soon);
    addEventListener("storage", (event) => {
      if (event.key !== key) return;
      overlay();
      report();
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
    addEventListener("beforeunload", (event) => {
      if (kept().length) event.preventDefault();
    });
    overlay();
    if (kept().length) report();
    soon();
  }
}
