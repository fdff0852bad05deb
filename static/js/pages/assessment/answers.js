// Each answer is sent as it is given. Until the site has taken it, this device keeps it; what somebody else answers meanwhile
// appears, and where both changed the same, both are shown.
const SOON = 1200;
const AT_ONCE = 250;
const LATER = 30000;

function setUpAnswer(sheet, section) {
  const { facts, say, shelf } = sheet;
  const form = section.querySelector("[data-answer-form]");
  const capability = section.dataset.answer;
  const conflict = form.querySelector("[data-conflict]");
  let isTyped = false;
  let isSending = false;
  let isAsked = false;
  let timer = 0;
  let pause = SOON;

  const level = () => form.elements.level.value;
  const isReady = () => level() !== "na" || form.elements.reason.value.trim() !== "";

  const fail = (errors = {}) => {
    for (const line of form.querySelectorAll("[data-error]")) {
      const text = errors[line.dataset.error] ?? "";
      line.hidden = !text;
      line.querySelector("span").textContent = text;
      const field = form.elements[line.dataset.error];
      if (field instanceof Element) field.toggleAttribute("aria-invalid", Boolean(text));
      if (field instanceof Element && text) field.setAttribute("aria-invalid", "true");
    }
  };

  const fill = (told) => {
    for (const radio of form.elements.level) radio.checked = radio.value === told.level;
    for (const name of ["reason", "note"]) {
      const field = form.elements[name];
      // The cursor of whoever is writing stays where it is.
      if (field.value.trim() !== told[name] && field !== document.activeElement) field.value = told[name];
    }
  };

  const settle = (told) => {
    form.elements.base.value = told.revision;
    section.querySelector("[data-said]").innerHTML = told.said;
    section.querySelector("[data-evidence]").innerHTML = told.evidence;
    section.querySelector("[data-changed-item]")?.remove();
  };

  const quarrel = ({ theirs, html, error }) => {
    isAsked = true;
    conflict.innerHTML = html;
    say.trouble(error);
    conflict.querySelector("[data-keep-mine]").addEventListener("click", (event) => {
      event.preventDefault();
      form.elements.base.value = theirs.revision;
      agree();
      touched(0);
    });
    conflict.querySelector("[data-take-theirs]").addEventListener("click", (event) => {
      event.preventDefault();
      isTyped = false;
      shelf.drop(capability);
      document.activeElement?.blur();
      fill(theirs);
      settle(theirs);
      agree();
      say.kept("");
    });
  };
  const agree = () => {
    isAsked = false;
    conflict.replaceChildren();
  };

  const fields = () => new URLSearchParams(new FormData(form));

  const take = async (answer, sent) => {
    if (answer.status === 409) {
      const told = await answer.json();
      if (told.theirs) return quarrel(told);
      return say.moved();
    }
    const told = await answer.json();
    if (answer.status === 422 && told.errors) return fail(told.errors);
    if (!answer.ok) return say.trouble(told.error ?? facts.words.refused);
    fail();
    shelf.drop(capability);
    // Whoever went on typing meanwhile has more than what was sent.
    const isBehind = isTyped || String(fields()) !== sent;
    settle(told);
    if (told.is_merged && !isBehind) fill(told);
    if (isBehind) touched(SOON);
    sheet.paint(told.progress);
    say.kept(told.kept);
  };

  const send = async () => {
    clearTimeout(timer);
    if (isSending || isAsked || !isTyped || !isReady()) return;
    isSending = true;
    isTyped = false;
    say.busy();
    const sent = String(fields());
    shelf.keep(capability, { sent, address: form.action });
    try {
      const answer = await sheet.post(form, () => fields());
      if (answer.status >= 500 || answer.status === 429) throw new TypeError("away");
      if (answer.status === 400 || answer.status === 401) {
        isTyped = true;
        say.trouble(facts.words.loggedOut);
      } else {
        await take(answer, sent);
      }
      pause = SOON;
    } catch (error) {
      if (!(error instanceof TypeError) && error.name !== "TimeoutError") throw error;
      isTyped = true;
      say.trouble(facts.words.here);
      timer = setTimeout(send, pause);
      pause = Math.min(pause * 2, LATER);
    } finally {
      isSending = false;
    }
    if (isTyped && !isAsked && pause === SOON) timer = setTimeout(send, SOON);
  };

  const touched = (wait) => {
    isTyped = true;
    shelf.keep(capability, { sent: String(fields()), address: form.action });
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };

  form.addEventListener("input", (event) => touched(event.target.type === "radio" ? AT_ONCE : SOON));
  form.addEventListener("change", (event) => {
    if (event.target.value === "na" && !form.elements.reason.value) form.elements.reason.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isAsked) return conflict.querySelector("[data-keep-mine]").click();
    if (!isReady()) isTyped = true;
    touched(0);
  });

  // What this device kept when the site could not be reached, unless it got there after all.
  const kept = shelf.find(capability);
  const typed = new URLSearchParams(kept?.sent);
  const [chosen, reason, note] = ["level", "reason", "note"].map((name) => typed.get(name) ?? "");
  const { elements } = form;
  if (kept && chosen === level() && reason === elements.reason.value && note === elements.note.value) {
    shelf.drop(capability);
  } else if (kept) {
    fill({ level: chosen, reason, note });
    elements.base.value = typed.get("base") ?? "0";
    touched(AT_ONCE);
  }

  return {
    capability,
    retry: send,
    isBusy: () => isTyped || isSending || isAsked,
    settle,
    leave: () => {
      if (isTyped && isReady()) navigator.sendBeacon(form.action, fields());
    },
    // What somebody else has answered. Words that are being typed here are not touched: they are merged when they are sent.
    hear: (told) => {
      if (isTyped || isSending || isAsked) return;
      if (Number(form.elements.base.value) >= told.revision) return;
      const before = [level(), form.elements.reason.value.trim(), form.elements.note.value.trim()].join("\n");
      fill(told);
      settle(told);
      if (told.by_id !== facts.person && before !== [told.level, told.reason, told.note].join("\n")) {
        section.removeAttribute("data-fresh");
        section.getBoundingClientRect();
        section.setAttribute("data-fresh", "");
        say.kept(facts.words.changed.replace("{name}", told.by));
      }
    },
  };
}
