// The page of an area: its answers, how far they are, and what others do meanwhile.
const EVERY = 15000;
const KEPT_FOR = 14 * 24 * 3600 * 1000;

// What this device keeps of one assessment for one person, by capability.
function makeShelf(facts) {
  const key = `assessment ${facts.person} ${facts.id}`;
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "{}");
    } catch {
      return {};
    }
  };
  const write = (kept) => {
    try {
      if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
      else localStorage.removeItem(key);
    } catch {
      // A browser that keeps nothing for us: the site has to.
    }
  };
  return {
    keep: (capability, what) => write({ ...read(), [capability]: { ...what, at: Date.now() } }),
    drop: (capability) => {
      const { [capability]: _gone, ...rest } = read();
      write(rest);
    },
    find: (capability) => {
      const kept = read()[capability];
      return kept && Date.now() - kept.at < KEPT_FOR ? kept : null;
    },
  };
}

function makeVoice(root, facts) {
  const bar = root.querySelector("[data-status]");
  const line = bar?.querySelector("[data-say]");
  let last = "";
  const put = (text, tone) => {
    if (!line) return;
    line.textContent = text;
    bar.dataset.tone = tone;
  };
  return {
    busy: () => put(facts.words.saving, "good"),
    kept: (text) => {
      if (text) last = text;
      put(last || facts.words.ready, "good");
    },
    trouble: (text) => put(text, "warn"),
    moved: () => {
      const note = root.querySelector("[data-moved]");
      note.hidden = false;
      note.querySelector("span").textContent = `${facts.words.moved} `;
      const link = document.createElement("a");
      link.href = location.pathname;
      link.textContent = facts.words.reload;
      note.querySelector("span").append(link);
    },
  };
}

// Asks now and then, and whenever somebody looks at the page again, what is new; `take` is told.
function watch({ changes, revision }, take) {
  let since = revision;
  let isAsking = false;
  const ask = async () => {
    if (isAsking || document.visibilityState !== "visible") return;
    isAsking = true;
    try {
      const url = `${changes}?since=${since}`;
      const answer = await fetch(url, { cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.status !== 200) return;
      const told = await answer.json();
      since = told.revision;
      await take(told);
    } catch (error) {
      // No connection, or half an answer. It is asked again.
      if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
    } finally {
      isAsking = false;
    }
  };
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("focus", ask);
}

function setUpSheet(root) {
  const facts = JSON.parse(root.dataset.assessment);
  const sheet = { facts, main: root, say: makeVoice(root, facts), shelf: makeShelf(facts), answers: new Map() };

  // A session that has begun since the page was opened has a token of its own.
  const renewToken = async () => {
    const answer = await fetch(facts.token, { headers: { Accept: "application/json" } });
    if (!answer.ok) return false;
    const { token, person } = await answer.json();
    if (person !== facts.person) return false;
    for (const input of root.querySelectorAll("[name=csrf_token]")) input.value = token;
    return true;
  };
  const postOnce = (form, body) =>
    fetch(form.action, {
      method: "POST",
      body: body(),
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(60000),
    });
  sheet.post = async (form, body) => {
    const answer = await postOnce(form, body);
    return (answer.status === 400 || answer.status === 401) && (await renewToken()) ? postOnce(form, body) : answer;
  };

  sheet.paint = ({ done, total, areas, answered, next }) => {
    const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    root.querySelector("[data-done]").textContent = words(facts.words.progress, { done, total });
    root.querySelector("[data-bar]").value = done;
    for (const figure of root.querySelectorAll("[data-area]")) {
      const values = { done: areas[figure.dataset.area], total: figure.dataset.total };
      figure.textContent = words(facts.words.area, values);
    }
    for (const section of root.querySelectorAll("[data-answer]")) {
      section.toggleAttribute("data-done", answered.includes(section.dataset.answer));
    }
    const link = root.querySelector("[data-next]");
    const allDone = root.querySelector("[data-all-done]");
    if (!link || !allDone) return;
    link.hidden = !next;
    allDone.hidden = Boolean(next);
    if (next) link.href = next;
  };

  for (const section of root.querySelectorAll("[data-answer]")) {
    if (section.querySelector("[data-answer-form]")) {
      sheet.answers.set(section.dataset.answer, setUpAnswer(sheet, section));
    }
  }
  setUpEvidence(sheet);
  // On a phone the areas are one line: the present one is brought to its middle.
  const here = root.querySelector(".assessment-areas [aria-current]");
  const strip = here?.closest("ol");
  if (strip) strip.scrollLeft = here.offsetLeft - strip.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
  if (![...sheet.answers.values()].some((answer) => answer.isBusy())) sheet.say.kept("");

  watch(facts, (told) => {
    if (told.state !== facts.state || told.version !== facts.version) sheet.say.moved();
    for (const each of told.answers) sheet.answers.get(each.capability)?.hear(each);
    sheet.paint(told.progress);
  });
  window.addEventListener("online", () => sheet.answers.forEach((answer) => answer.retry()));
  window.addEventListener("pagehide", () => sheet.answers.forEach((answer) => answer.leave()));
}

const assessment = document.querySelector("[data-assessment]");
if (assessment) setUpSheet(assessment);

const overview = document.querySelector("[data-overview]");
if (overview) setUpOverview(overview);
