// Draws the posts of the pretend platform again while somebody looks at them.
"use strict";

(() => {
  const every = 1500; // ms
  const posts = document.getElementById("posts");

  async function draw() {
    if (document.hidden) return;
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("posts");
    if (fresh && fresh.innerHTML !== posts.innerHTML) posts.replaceChildren(...fresh.childNodes);
  }

  setInterval(() => draw().catch(() => {}), every);
})();
