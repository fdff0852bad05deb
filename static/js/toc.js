// The contents list follows the reading: the heading last passed is the current one.
const links = [...document.querySelectorAll('.toc a[href^="#"]')];
const heads = links
  .map((link) => ({ link, head: document.getElementById(decodeURIComponent(link.hash.slice(1))) }))
  .filter(({ head }) => head);

if (heads.length) {
  const mark = () => {
    const line = innerHeight * 0.3;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
    const passed = heads.filter(({ head }) => head.getBoundingClientRect().top <= line);
    const current = atEnd && passed.length ? heads.at(-1) : passed.at(-1);
    for (const { link } of heads) {
      if (link === current?.link) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const watcher = new IntersectionObserver(mark, { rootMargin: "0px 0px -70% 0px", threshold: [0, 1] });
  for (const { head } of heads) watcher.observe(head);
  addEventListener("scrollend", mark);
  mark();
}
