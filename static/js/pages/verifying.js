// Findings are sent as they are made. Without this, the buttons below send all of them at once.
const desk = document.querySelector("[data-verifying]");
if (desk) {
  const { url, words } = JSON.parse(desk.dataset.verifying);
  const form = desk.querySelector("[data-findings]");
  const token = form.querySelector("[name=csrf_token]").value;
  const kept = document.createElement("p");
  kept.className = "verifying-kept";
  kept.setAttribute("role", "status");
  form.append(kept);
  const waiting = new Map();
  const timers = new Map();
  const unfinished = new Set();
  let sending = false;
  let leaving = false;

  const say = (text, tone = "good") => {
    kept.textContent = text;
    kept.dataset.tone = tone;
  };

  const field = (finding, name) => finding.querySelector(`[name^="${name}."]`);
  const verdictOf = (finding) => finding.querySelector("[type=radio]:checked")?.value;

  // What is not complete yet is not sent; the place to go on stands open before the eyes.
  const isComplete = (finding) => {
    const verdict = verdictOf(finding);
    if (verdict === "agree") return true;
    const hasText = field(finding, "text").value.trim() !== "";
    return Boolean(verdict) && hasText && (verdict === "ask" || field(finding, "level").value !== "");
  };

  const showErrors = (finding, errors = {}) => {
    for (const line of finding.querySelectorAll("[data-error]")) {
      const error = errors[line.dataset.error] ?? "";
      line.hidden = !error;
      line.querySelector("span").textContent = error;
      const control = line.parentElement.querySelector("select, textarea");
      if (control && line.parentElement !== finding) {
        if (error) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
    }
  };

  const findings = new Map([...form.querySelectorAll("[data-finding]")].map((each) => [each.dataset.finding, each]));

  const show = (answer, slugs) => {
    form.querySelector("[data-tally]").innerHTML = answer.tally;
    for (const slug of slugs) {
      const finding = findings.get(slug);
      showErrors(finding, answer.errors[slug]);
      finding.closest("[data-item]").querySelector("[data-standing]").innerHTML = answer.standing[slug];
    }
  };

  const send = async () => {
    if (sending || !waiting.size || leaving) return;
    sending = true;
    const slugs = [...waiting.keys()];
    const body = new FormData();
    body.set("csrf_token", token);
    for (const slug of slugs) {
      const finding = findings.get(slug);
      body.set(`verdict.${slug}`, verdictOf(finding));
      for (const name of ["base", "level", "text"]) body.set(`${name}.${slug}`, field(finding, name).value);
    }
    waiting.clear();
    say(words.saving);
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        signal: AbortSignal.timeout(15000),
      });
      if (response.ok || response.status === 422) {
        const answer = await response.json();
        show(answer, slugs);
        say(response.ok ? answer.kept : Object.values(Object.values(answer.errors)[0])[0], response.ok ? "good" : "warn");
      } else {
        say(words.moved, "warn");
      }
    } catch {
      for (const slug of slugs) waiting.set(slug, 0);
      say(words.offline, "warn");
      setTimeout(send, 5000);
      sending = false;
      return;
    }
    sending = false;
    send();
  };

  const soon = (finding, delay) => {
    const slug = finding.dataset.finding;
    clearTimeout(timers.get(slug));
    unfinished.add(finding);
    if (!isComplete(finding)) {
      waiting.delete(slug);
      if (verdictOf(finding)) say(words.unfinished, "warn");
      return;
    }
    timers.set(
      slug,
      setTimeout(() => {
        waiting.set(slug, 0);
        send();
      }, delay),
    );
  };
  form.addEventListener("input", (event) => {
    const finding = event.target.closest("[data-finding]");
    if (finding) soon(finding, event.target.matches("textarea") ? 900 : 0);
  });
  form.addEventListener("submit", () => {
    // The form itself brings everything along.
    leaving = true;
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  // What is still being written has been saved nowhere.
  addEventListener("beforeunload", (event) => {
    const isOpen = [...unfinished].some((finding) => verdictOf(finding) && !isComplete(finding));
    if (!leaving && (isOpen || waiting.size || sending)) event.preventDefault();
  });
}
