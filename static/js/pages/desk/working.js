// The writing desk, put together. Without this script it is a form as any other.
const root = document.querySelector("[data-desk]");

if (root) {
  const form = root.querySelector("form.desk-form");
  const facts = JSON.parse(root.dataset.desk);
  const lines = (name) => root.querySelector(`[data-say="${name}"]`);
  const write = (name, text) => {
    const line = lines(name);
    if (line.textContent !== text) line.textContent = text;
    line.hidden = !text;
  };
  const say = {
    kept: (text) => write("kept", text),
    newer: (text) => write("newer", text),
    trouble: (text) => write("trouble", text),
    others: (sentences) => write("others", sentences.join(" · ")),
    loggedOut: () => {
      const line = lines("trouble");
      if (line.querySelector("a")) return;
      const link = document.createElement("a");
      Object.assign(link, { href: facts.login, target: "_blank", textContent: facts.words.logIn });
      line.replaceChildren(`${facts.words.loggedOut} `, link, ` ${facts.words.thenSave}`);
      line.hidden = false;
    },
    offer: (text, choices) => {
      const note = lines("here");
      note.replaceChildren(`${text} `);
      for (const [label, act] of choices) {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", className: "button secondary small", textContent: label });
        button.addEventListener("click", () => {
          note.hidden = true;
          act();
        });
        note.append(button, " ");
      }
      note.hidden = false;
    },
  };
  const desk = { root, form, facts, say, texts: [...form.querySelectorAll("textarea[data-prose]")] };

  setUpAutosave(desk);
  setUpPreview(desk);
  setUpUploads(desk);
  setUpToolbar(desk);
  setUpCompleting(desk);
  setUpConflicts(desk);

  // Before the form is sent it is kept, so that nothing is lost if the session has ended since the page was opened.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (desk.isSaving) return;
    desk.isSaving = true;
    root.setAttribute("aria-busy", "true");
    const { submitter } = event;
    desk.touched();
    const status = await desk.keep();
    root.removeAttribute("aria-busy");
    if ([0, 400, 401, 413].includes(status)) {
      desk.isSaving = false;
      root.scrollIntoView({ block: "start" });
      return;
    }
    const action = document.createElement("input");
    Object.assign(action, { type: "hidden", name: "action", value: submitter?.value || "save" });
    form.append(action);
    form.submit();
  });
  // Who comes back with the browser's button finds the page as it was.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    desk.isSaving = false;
    form.querySelector("input[name=action]")?.remove();
    desk.keep();
  });
}
