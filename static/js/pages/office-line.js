// The line moves on without a page being loaded again; what somebody is typing is left alone.
const line = () => document.querySelector("[data-line]");
const SECONDS = 6;

const renew = async () => {
  const busy = line().contains(document.activeElement) && document.activeElement.matches("input, textarea");
  if (!busy && !document.hidden) {
    try {
      const response = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(8000) });
      if (response.ok) {
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const fresh = page.querySelector("[data-line]");
        if (!fresh) location.reload();
        // A form with words in it stays, and so does everything where nothing is new.
        const typed = [...line().querySelectorAll("input[type=text], textarea")].some((field) => field.value);
        const focused = document.activeElement.closest?.("[data-line] form")?.action;
        if (!typed && fresh.textContent !== line().textContent) {
          line().replaceWith(document.adoptNode(fresh));
          if (focused) [...line().querySelectorAll("form")].find((form) => form.action === focused)?.querySelector("button")?.focus();
        }
      }
    } catch {
      // Without a connection the page shows what it knew last; it tries again.
    }
  }
  setTimeout(renew, SECONDS * 1000);
};

if (line()) setTimeout(renew, SECONDS * 1000);
