// What is typed goes to the site every few seconds. Where the site does not take it, this device keeps it until it does.
const SOON = 2500;
const AT_LATEST = 10000;
const BEAT = 20000;
const KEPT_FOR = 60 * 24 * 3600 * 1000;

function setUpAutosave(desk) {
  const { form, facts, say } = desk;
  // Each page has a place of its own, so that words of another time are not written over before somebody has seen them.
  const shelves = `desk ${facts.person} ${facts.manuscript || facts.address} `;
  const shelf = shelves + Date.now();
  let isTyped = facts.isDirty;
  let firstTyped = 0;
  let timer = 0;
  let running = null;

  const fields = (extra = {}) => {
    const data = new FormData(form);
    data.delete("action");
    for (const [name, value] of Object.entries({
      "desk-manuscript": facts.manuscript,
      "desk-kind": facts.kind,
      "desk-address": facts.address,
      ...extra,
    })) {
      data.set(name, value);
    }
    return new URLSearchParams(data);
  };

  const shelve = () => {
    try {
      localStorage.setItem(shelf, JSON.stringify({ at: Date.now(), fields: [...fields()] }));
    } catch {
      // A browser that keeps nothing for us: the site has to.
    }
  };
  const clear = () => {
    try {
      localStorage.removeItem(shelf);
    } catch {
      // Then there is nothing.
    }
  };

  const post = (body, options = {}) =>
    fetch(facts.unsaved, { method: "POST", body, headers: { Accept: "application/json" }, ...options });

  // A session that has begun since the page was opened has a token of its own.
  const renewToken = async () => {
    const answer = await fetch(facts.token, { headers: { Accept: "application/json" } });
    if (!answer.ok) return false;
    const { token, person } = await answer.json();
    if (person !== facts.person) return false;
    for (const input of document.querySelectorAll("[name=csrf_token]")) input.value = token;
    return true;
  };

  const sendOnce = async (typed) => {
    const extra = typed ? { "desk-typed": "1" } : {};
    let answer = await post(fields(extra));
    if ((answer.status === 400 || answer.status === 401) && (await renewToken())) answer = await post(fields(extra));
    return answer;
  };

  // Gives the status of the answer; 0 if there was none.
  const send = async () => {
    const typed = isTyped;
    clearTimeout(timer);
    firstTyped = 0;
    isTyped = false;
    if (typed) shelve();
    try {
      const answer = await sendOnce(typed);
      if (!answer.ok) throw answer;
      const { kept, others, newer } = await answer.json();
      if (typed && !isTyped) clear();
      if (kept) say.kept(kept);
      say.others(others);
      say.newer(newer);
      say.trouble("");
      return answer.status;
    } catch (problem) {
      isTyped = isTyped || typed;
      const status = problem instanceof Response ? problem.status : 0;
      if (status === 400 || status === 401) say.loggedOut();
      else if (status === 413) say.trouble(facts.words.tooLarge);
      else if (typed) say.kept(facts.words.keptHere);
      return status;
    }
  };

  // One at a time and in order: an older state never comes after a newer one.
  desk.keep = () => {
    running = (running ?? Promise.resolve()).then(send);
    return running;
  };
  desk.touched = () => {
    isTyped = true;
    desk.changed = true;
    const now = Date.now();
    firstTyped ||= now;
    clearTimeout(timer);
    timer = setTimeout(desk.keep, Math.max(0, Math.min(SOON, firstTyped + AT_LATEST - now)));
  };
  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") desk.touched();
  });
  desk.keep();
  setInterval(desk.keep, BEAT);
  window.addEventListener("pagehide", () => {
    if (desk.isSaving) return;
    if (isTyped) shelve();
    navigator.sendBeacon(facts.unsaved, fields({ "desk-left": "1", ...(isTyped ? { "desk-typed": "1" } : {}) }));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") desk.keep();
  });

  offerShelved(desk, shelves, shelf, async (kept) => {
    const body = new URLSearchParams(kept.fields);
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("desk-typed", "1");
    const answer = await post(body);
    if (!answer.ok) return;
    const { id } = await answer.json();
    localStorage.removeItem(kept.shelf);
    const target = new URL(facts.address, location.href);
    target.searchParams.set("unsaved", id);
    desk.isSaving = true;
    location.assign(target);
  });
}

// Words that never reached the site: they are offered as those are that did.
function offerShelved(desk, shelves, shelf, takeUp) {
  const { facts, form, say } = desk;
  const ours = (name) => name !== "csrf_token" && name !== "key" && name !== "base" && !name.startsWith("desk-");
  const written = (fields) => JSON.stringify(fields.filter(([name]) => ours(name)));
  const now = written([...new FormData(form)]);
  const found = [];
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(shelves) || name === shelf) continue;
      const kept = JSON.parse(localStorage.getItem(name));
      if (written(kept.fields) === now || Date.now() - kept.at > KEPT_FOR) localStorage.removeItem(name);
      else found.push({ ...kept, shelf: name });
    }
  } catch {
    return;
  }
  const kept = found.sort((one, other) => other.at - one.at)[0];
  if (!kept) return;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  say.offer(facts.words.here.replace("{time}", time.format(kept.at)), [
    [facts.words.takeUp, () => takeUp(kept)],
    [facts.words.throwAway, () => found.forEach(({ shelf: name }) => localStorage.removeItem(name))],
  ]);
}
