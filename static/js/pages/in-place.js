// A press that changes one thing leads back to the page it was on. This fetches that page and puts its content in the place of the
// old one, so that nothing jumps: what was open stays open, and the focus stays on what was pressed, for whoever works by keyboard.
// Without this script the same forms lead to the same page.
const open = () => [...document.querySelectorAll("main details[id][open]")].map((each) => each.id);

const replace = (page) => {
  const wereOpen = open();
  for (const place of ["main", ".flashes"]) {
    const fresh = page.querySelector(place);
    if (fresh) document.querySelector(place).replaceChildren(...fresh.childNodes);
  }
  document.title = page.title;
  for (const id of wereOpen) document.getElementById(id)?.setAttribute("open", "");
};

// The same button; at the end of a list, where it can do no more, its neighbour; and where it is gone, what it belonged to.
const focusOn = (id, around) => {
  const button = document.getElementById(id);
  const beside = button?.disabled ? button.closest(".item-moves")?.querySelector("button:enabled") : button;
  (beside ?? document.getElementById(around))?.focus({ preventScroll: true });
};

const press = async (form, button) => {
  const around = button.closest("[data-in-place]").id;
  const top = () => document.getElementById(around)?.getBoundingClientRect().top;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("main")) throw new Error("no page");
  const before = top();
  replace(page);
  if (!answer.ok) {
    // Somebody was quicker, or something is missing: what that page says is read from its beginning.
    document.querySelector("main").focus();
    scrollTo(0, 0);
    return;
  }
  history.replaceState(null, "", answer.url);
  focusOn(button.id, around);
  if (top() !== undefined) scrollBy(0, top() - before);
};

// Forms that are on their way, and whether they go by the browser's own means after all.
const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (!button || !form.closest("[data-in-place]") || sent.get(form) === "itself") return;
  event.preventDefault();
  if (sent.has(form)) return;
  sent.set(form, "here");
  press(form, button).catch(() => {
    sent.set(form, "itself");
    form.requestSubmit(button);
  });
});
