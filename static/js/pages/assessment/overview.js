// The overview shows what others answer, too: where anything is new, its list is fetched once more.
function setUpOverview(root) {
  watch(JSON.parse(root.dataset.overview), async () => {
    const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const piece of document.querySelectorAll("[data-renewed]")) {
      const fresh = page.querySelector(`[data-renewed="${piece.dataset.renewed}"]`);
      // What somebody is typing in is left as it is.
      const isTyped = [...piece.querySelectorAll("textarea")].some((field) => field.value);
      if (fresh && !isTyped && !piece.contains(document.activeElement)) piece.replaceWith(fresh);
    }
  });
}
