// A receipt looks from time to time what became of its question. Without this script it is as
// old as its loading.
"use strict";

(() => {
  const soon = 15000, later = 60000;
  const byId = (id, page = document) => page.getElementById(id);
  let timer = 0;

  // replace puts what is new in the place of an element, and the focus where it was.
  const replace = (old, next) => {
    const focus = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
    old.replaceWith(next);
    if (focus) [...next.querySelectorAll("a")].find((a) => a.getAttribute("href") === focus)?.focus({ preventScroll: true });
  };

  const take = (page) => {
    const now = byId("now"), next = byId("now", page);
    if (!next || next.innerHTML === now.innerHTML) return;
    replace(now, next);
    for (const id of ["notice", "withdraw"]) if (!byId(id, page)) byId(id)?.remove();
    document.title = page.title;
    byId("status").innerHTML = byId("status", page).innerHTML; // the element stays, so that it is read out
  };

  const look = async () => {
    clearTimeout(timer);
    let wait = later;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        take(new DOMParser().parseFromString(await answer.text(), "text/html")); // runs no scripts
        wait = soon;
      }
    } catch { /* the next look may succeed */ }
    if (!document.hidden) timer = setTimeout(look, wait + Math.random() * wait / 3); // not all readers at once
  };

  document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else look(); });
  timer = setTimeout(look, soon);
})();
