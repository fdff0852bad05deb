// Links, numbers and files are sent without leaving the page. What is wrong is said beside the field.
function setUpEvidence(sheet) {
  const { facts, say } = sheet;
  sheet.main.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-evidence-form]")) return;
    event.preventDefault();
    const section = form.closest("[data-answer]");
    const button = form.querySelector("[type=submit]");
    const files = form.elements.file?.files.length;
    button.disabled = true;
    if (files) say.kept(facts.words.uploading);
    try {
      const answer = await sheet.post(form, () => new FormData(form));
      const told = await answer.json();
      for (const line of form.querySelectorAll("[data-error]")) {
        const text = told.errors?.[line.dataset.error] ?? "";
        line.hidden = !text;
        line.querySelector("span").textContent = text;
      }
      if (!answer.ok) {
        say.trouble(told.error ?? facts.words.refused);
        form.elements[Object.keys(told.errors ?? {})[0]]?.focus();
        return;
      }
      const typed = sheet.answers.get(section.dataset.answer);
      if (typed && !typed.isBusy()) typed.settle(told);
      else section.querySelector("[data-evidence]").innerHTML = told.evidence;
      form.reset();
      const more = section.querySelector(".add-evidence");
      if (more?.contains(form)) more.open = false;
      more?.querySelector("summary").focus();
      say.kept(told.kept);
      sheet.paint(told.progress);
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
      say.trouble(facts.words.refused);
    } finally {
      button.disabled = false;
    }
  });
}
