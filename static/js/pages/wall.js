// The code on the wall changes without the page flickering. When it cannot be renewed it goes away: an old code helps nobody.
const wall = document.querySelector("[data-wall]:not([data-wall=''])");

if (wall) {
  const old = wall.querySelector("[data-wall-old]");
  const shown = () => wall.querySelector("[data-wall-code]");

  const renew = async () => {
    let seconds = 5;
    try {
      const response = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(8000) });
      if (!response.ok) throw new Error(response.statusText);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const code = page.querySelector("[data-wall-code]");
      // The hours of codes are over, or whoever opened the page is logged out.
      if (!code) location.reload();
      shown().replaceWith(document.adoptNode(code));
      old.hidden = true;
      seconds = Number(page.querySelector("[data-wall]").dataset.wall);
    } catch {
      shown().hidden = true;
      old.hidden = false;
    }
    setTimeout(renew, seconds * 1000);
  };

  setTimeout(renew, Number(wall.dataset.wall) * 1000);
}
