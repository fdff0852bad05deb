// The text as readers will see it, made by the site while one writes. An answer that comes late is dropped.
const REST = 350;
const LONGEST_REST = 4000;

function setUpPreview(desk) {
  const { form, facts } = desk;
  const pane = document.querySelector("[data-preview]");
  const text = pane.querySelector("[data-preview-text]");
  const contents = pane.querySelector("[data-preview-contents]");
  const length = pane.querySelector("[data-preview-length]");
  const trouble = pane.querySelector("[data-preview-trouble]");
  let asked = 0;
  let rest = REST;
  let timer = 0;
  let controller = null;
  let isFresh = false;

  const isSeen = () => pane.offsetParent !== null;

  const ask = async () => {
    if (!isSeen()) return;
    asked += 1;
    const number = asked;
    const began = performance.now();
    controller?.abort();
    controller = new AbortController();
    const body = new FormData(form);
    body.set("action", "preview");
    try {
      const answer = await fetch(facts.address, {
        method: "POST",
        body,
        signal: controller.signal,
        headers: { Accept: "application/json" },
      });
      const made = await answer.json();
      if (number !== asked) return;
      if (answer.ok) {
        const { scrollTop } = pane;
        text.innerHTML = made.html;
        contents.innerHTML = made.contents;
        length.textContent = made.length;
        pane.scrollTop = scrollTop;
        isFresh = true;
      }
      trouble.textContent = answer.ok ? made.trouble : (answer.status === 422 && made.error) || facts.words.previewFails;
      // Whoever writes a long text, or on a slow line, is not made to wait for one preview by the next.
      rest = answer.status === 429 ? LONGEST_REST : Math.min(LONGEST_REST, Math.max(REST, 2 * (performance.now() - began)));
    } catch (error) {
      if (error.name !== "AbortError") trouble.textContent = facts.words.previewFails;
    }
  };

  const askSoon = () => {
    isFresh = false;
    clearTimeout(timer);
    timer = setTimeout(ask, rest);
  };

  form.addEventListener("input", askSoon);
  form.addEventListener("change", askSoon);
  desk.preview = () => {
    if (!isFresh) ask();
  };
  pane.hidden = false;
  document.querySelector("[data-desk-tabs]").hidden = false;
  for (const button of document.querySelectorAll("[data-no-script]")) button.hidden = true;
  setUpTabs(desk);
  desk.preview();
  addEventListener("resize", () => desk.preview());
}

// On a narrow page one of the two is seen at a time.
function setUpTabs(desk) {
  const tabs = [...document.querySelectorAll("[data-desk-tab]")];
  const select = (chosen) => {
    desk.root.dataset.tab = chosen.dataset.deskTab;
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
    }
    desk.preview();
  };
  tabs.forEach((tab, number) => {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const next = tabs[(number + 1) % tabs.length];
      select(next);
      next.focus();
    });
  });
}
