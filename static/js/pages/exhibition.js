// Posters in turn. Each poster says where the next one is; this script goes there by itself, without leaving the page, so that
// what is published meanwhile appears. It has to live through a night: one timer, a bounded memory, and when the network is
// away the posters that were here go on turning.
const stage = document.querySelector("[data-exhibition]");

if (stage) {
  const root = document.documentElement;
  const bar = document.querySelector(".exhibition-bar");
  const button = (name) => bar.querySelector(`[data-go=${name}]`);
  const lost = bar.querySelector("[data-lost]");
  const time = document.querySelector(".exhibition-time");
  const words = button("pause").querySelector("span");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const seconds = Number(stage.dataset.seconds);
  const MOST_KEPT = 60;
  // What was shown, by its address, the oldest first.
  const kept = new Map();
  let [timer, resting, paused, busy] = [0, 0, false, false];

  const poster = () => stage.querySelector("[data-poster]");

  const keep = (url, node) => {
    kept.delete(url);
    kept.set(url, node.outerHTML);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  };

  const read = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    return [page.querySelector("[data-poster]"), page.documentElement.dataset.theme];
  };

  // The poster at an address; without a connection the one kept of it, or whichever was shown the longest time ago.
  const get = async (url) => {
    try {
      const response = await fetch(url, { cache: "no-cache", signal: AbortSignal.timeout(10000) });
      const [node, theme] = response.ok ? read(await response.text()) : [];
      if (!node) throw new Error("no poster");
      keep(url, node);
      lost.hidden = true;
      return [url, node, theme];
    } catch {
      lost.hidden = false;
      const place = kept.has(url) ? url : kept.keys().next().value;
      const [node] = read(kept.get(place));
      keep(place, node);
      return [place, node, root.dataset.theme === "dark" ? "light" : "dark"];
    }
  };

  const show = (url, node, theme) => {
    poster().replaceWith(document.adoptNode(node));
    if (stage.dataset.alternates === "yes") root.dataset.theme = theme;
    button("previous").href = node.dataset.previous;
    button("next").href = node.dataset.next;
    bar.querySelector("[data-where]").textContent = node.dataset.number;
    for (const link of document.querySelectorAll("[data-paper]")) {
      link.href = Object.assign(new URL(url, location.href), { search: withPaper(url, link.dataset.paper) });
    }
    history.replaceState(null, "", url);
  };

  const withPaper = (url, paper) => {
    const said = new URL(url, location.href).searchParams;
    said.set("print", paper);
    return said;
  };

  const turn = async (direction) => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    try {
      const [url, node, theme] = await get(poster().dataset[direction]);
      if (document.startViewTransition && !calm.matches && !document.hidden) {
        // It may be skipped, as when the window is too small; the poster is there all the same.
        const transition = document.startViewTransition(() => show(url, node, theme));
        for (const end of [transition.ready, transition.finished]) end.catch(() => {});
        await transition.updateCallbackDone;
      } else {
        show(url, node, theme);
      }
    } finally {
      busy = false;
      wait();
    }
  };

  const wait = () => {
    clearTimeout(timer);
    time.hidden = paused;
    // The line begins anew only when its animation does.
    time.replaceWith(time);
    if (!paused) timer = setTimeout(turn, seconds * 1000, "next");
  };

  const pause = (on) => {
    paused = on;
    root.classList.toggle("is-paused", on);
    button("pause").setAttribute("aria-pressed", String(on));
    [words.textContent, words.dataset.words] = [words.dataset.words, words.textContent];
    stage.setAttribute("aria-live", on ? "polite" : "off");
    wait();
  };

  const fill = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(() => {});

  // A screen that goes dark shows nothing. The lock ends whenever the page is hidden, and is asked for again.
  const stayAwake = async () => {
    if (document.hidden || !navigator.wakeLock) return;
    await navigator.wakeLock.request("screen").catch(() => null);
  };

  const wake = () => {
    root.classList.add("is-awake");
    clearTimeout(resting);
    resting = setTimeout(() => root.classList.remove("is-awake"), 3000);
  };

  const ways = {
    previous: () => turn("previous"),
    next: () => turn("next"),
    pause: () => pause(!paused),
    full: fill,
  };
  const keys = { ArrowLeft: "previous", PageUp: "previous", ArrowRight: "next", PageDown: "next", " ": "pause", f: "full", F: "full" };

  bar.addEventListener("click", (event) => {
    const way = event.target.closest("[data-go]")?.dataset.go;
    if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ways[way]();
  });
  document.addEventListener("keydown", (event) => {
    wake();
    const isElsewhere = event.target.closest("form, [popover]") || (event.key === " " && event.target.closest("a, button"));
    if (isElsewhere || event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    ways[keys[event.key]]();
  });
  for (const name of ["pointermove", "pointerdown", "focusin"]) document.addEventListener(name, wake, { passive: true });
  document.addEventListener("visibilitychange", stayAwake);
  // While somebody chooses, nothing turns away.
  document.querySelector("#exhibition-choice").addEventListener("toggle", (event) => {
    if ((event.newState === "open") !== paused) pause(event.newState === "open");
  });

  root.classList.add("is-turning");
  time.style.setProperty("--seconds", `${seconds}s`);
  button("pause").hidden = false;
  button("full").hidden = !document.fullscreenEnabled;
  keep(location.href, poster());
  stayAwake();
  wake();
  wait();
}
