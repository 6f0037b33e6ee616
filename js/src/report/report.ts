/**
 * What a report does besides its Explorer: a link into the Explorer brings it into sight, the contents say where a reader is, and
 * on paper all tables are open.
 */
const VIEW = "#dv=";

function bringExplorer(): void {
  if (location.hash.startsWith(VIEW))
    document.querySelector("[data-depthviz-mount]")?.scrollIntoView();
}

/** Mark in the contents the section that has come to the upper part of the window. */
function followReader(): void {
  const links = new Map<string, Element>();
  for (const link of document.querySelectorAll("nav a[href^='#']"))
    links.set(link.getAttribute("href") ?? "", link);
  const mark = (entries: readonly IntersectionObserverEntry[]) => {
    const reached = entries.findLast(({ isIntersecting }) => isIntersecting);
    const now = links.get(`#${reached?.target.id}`);
    if (!now) return;
    for (const link of links.values()) link.removeAttribute("aria-current");
    now.setAttribute("aria-current", "true");
  };
  const watch = new IntersectionObserver(mark, { rootMargin: "-10% 0px -70%" });
  for (const section of document.querySelectorAll("main section[id]")) watch.observe(section);
}

/** A folded table says nothing on paper; afterwards it is as it was. */
function unfoldOnPaper(): void {
  let folded: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll<HTMLDetailsElement>("details.table:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });
}

addEventListener("hashchange", bringExplorer);
bringExplorer();
followReader();
unfoldOnPaper();

export {};
