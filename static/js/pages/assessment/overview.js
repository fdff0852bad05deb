// The overview shows what others answer, too: where anything is new, its list is fetched once more.
function setUpOverview(root) {
  const { changes, revision } = JSON.parse(root.dataset.overview);
  let since = revision;
  let isAsking = false;

  const renew = async () => {
    const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const piece of document.querySelectorAll("[data-renewed]")) {
      const fresh = page.querySelector(`[data-renewed="${piece.dataset.renewed}"]`);
      // What somebody is typing in is left as it is.
      const isTyped = [...piece.querySelectorAll("textarea")].some((field) => field.value);
      if (fresh && !isTyped && !piece.contains(document.activeElement)) piece.replaceWith(fresh);
    }
  };

  const ask = async () => {
    if (isAsking || document.visibilityState !== "visible") return;
    isAsking = true;
    try {
      const url = `${changes}?since=${since}`;
      const answer = await fetch(url, { cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.status === 200) {
        since = (await answer.json()).revision;
        await renew();
      }
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
