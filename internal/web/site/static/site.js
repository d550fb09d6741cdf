// Live updates, the pause button, votes in place, the counter of the form and the
// time left. Without it everything works; the page is then as old as its loading.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const lists = byId("lists");
  const status = byId("status");
  const pause = byId("pause");
  // What this browser keeps of an hour: the token that its votes are counted by, and which
  // questions it voted for. Where a browser keeps nothing, it lasts as long as the page.
  const hour = location.pathname.split("/")[2];
  const kept = (name) => { try { return localStorage.getItem(name + ":" + hour); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name + ":" + hour, value); } catch { /* it may not */ } };
  const voted = new Set((kept("voted") || "").split(",").filter(Boolean).map(Number));
  let paused = false;
  let missed = false;
  let source = null;
  let over = false; // nothing is live any more
  let asleep = false;
  let after = lists ? lists.dataset.after : "";

  const say = (text) => { if (status && text && status.textContent !== text) status.textContent = text; };

  // Server-rendered HTML of our own site; parsing this way runs no scripts.
  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  // keepPlace changes the page without moving what the reader looks at.
  const keepPlace = (change) => {
    const marks = [...document.querySelectorAll(".question, .ask")];
    const mark = marks.find((e) => e.getBoundingClientRect().bottom > 0 && e.closest(".lists"));
    const id = mark && mark.id;
    const top = mark ? mark.getBoundingClientRect().top : 0;
    change();
    const now = id && byId(id);
    if (now && window.scrollY > 0) window.scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
  };

  const recount = (section, by) => {
    const of = section.querySelector("h2 .count");
    const n = of && parseInt(of.textContent.slice(1), 10);
    if (Number.isInteger(n)) of.textContent = "(" + Math.max(0, n + by) + ")";
  };

  // insert puts an article where it belongs: answers newest first, questions last.
  const insert = (section, article) => {
    const empty = section.querySelector(".empty");
    if (empty) empty.remove();
    const first = section.querySelector(".question");
    const paging = section.querySelector(":scope > .actions");
    if (section.id === "answered" && first) first.before(article);
    else if (paging) paging.before(article);
    else section.append(article);
    article.classList.add("arrived");
    recount(section, 1);
  };

  const remove = (old) => {
    const section = old.closest(".list");
    if (section) recount(section, -1);
    old.remove();
  };

  const focusIn = (e) => e && e.contains(document.activeElement) && document.activeElement !== document.body;

  const put = (change) => {
    const old = byId("q" + change.n);
    if (change.removed) { if (old) remove(old); return; }
    const article = parse(change.html).body.firstElementChild;
    const section = byId(change.list);
    if (!article || !section) return;
    if (voted.has(change.n)) pressed(article);
    const focused = focusIn(old);
    if (old && old.closest(".list") === section) old.replaceWith(article);
    else { if (old) remove(old); insert(section, article); }
    if (focused) { const target = article.querySelector("button, a"); if (target) target.focus({ preventScroll: true }); }
  };

  const pressed = (article) => {
    const button = article.querySelector(".vote button");
    if (!button) return;
    button.setAttribute("aria-pressed", "true");
    button.value = "0";
  };

  // refresh fetches the page anew and takes over its lists, its hero and its form,
  // unless somebody is writing in it.
  let refreshing = false;
  const refresh = async () => {
    if (refreshing) return;
    refreshing = true;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = parse(await answer.text());
      const next = page.getElementById("lists");
      keepPlace(() => { for (const name of ["answered", "waiting", "other"]) take(page, name); hero(page); });
      if (next) { after = next.dataset.after; if (next.dataset.events !== lists.dataset.events) { over = true; stop(); } }
      missed = false;
    } catch { /* the next event or the next try brings it */ } finally { refreshing = false; }
  };

  // merge takes over a list article by article, but for the one with the focus in it.
  const merge = (old, next) => {
    for (const a of old.querySelectorAll(".question")) if (!next.querySelector("#" + a.id) && !focusIn(a)) a.remove();
    let last = old.querySelector("h2");
    const empty = old.querySelector(".empty");
    if (empty) empty.remove();
    last.replaceWith(last = next.querySelector("h2"));
    for (const a of next.querySelectorAll(".question")) {
      const here = byId(a.id);
      if (here && focusIn(here)) { last = here; continue; }
      if (here) here.remove();
      last.after(a);
      last = a;
    }
  };

  const take = (page, name) => {
    const next = page.getElementById(name);
    const old = byId(name);
    if (next) for (const n of voted) { const a = next.querySelector("#q" + n); if (a) pressed(a); }
    if (next && old) { if (focusIn(old)) merge(old, next); else old.replaceWith(next); }
    else if (next) lists.append(next);
    else if (old) old.remove();
  };

  const hero = (page) => {
    const next = page.querySelector(".hero");
    const old = document.querySelector(".hero");
    if (next && old && !focusIn(old)) old.replaceWith(next);
    const form = byId("ask");
    const text = byId("text");
    const to = page.getElementById("ask");
    if (form && to && !focusIn(form) && !(text && text.value.trim()) && !!to.querySelector("form") !== !!text) form.replaceWith(to);
  };

  const soon = (work) => setTimeout(work, Math.random() * 2000); // not all readers at once

  const onQuestion = (event) => {
    if (paused) { missed = true; return; }
    const change = JSON.parse(event.data);
    after = event.lastEventId || after;
    const news = !change.removed || byId("q" + change.n);
    keepPlace(() => put(change));
    if (news) say(change.status);
  };

  const stop = () => { if (source) source.close(); source = null; };

  // look is for a page that may not connect: there are too many, or nothing is live any more.
  // It looks by itself from time to time, and asks again for a place.
  const look = () => {
    stop();
    if (!paused) say(pause.dataset.looks);
    setTimeout(async () => { if (paused) missed = true; else if (!document.hidden) await refresh(); connect(); }, 20000 + Math.random() * 20000);
  };

  const connect = () => {
    stop();
    if (over || asleep) return;
    source = new EventSource(lists.dataset.events + "?after=" + encodeURIComponent(after));
    source.addEventListener("question", onQuestion);
    source.addEventListener("session", () => { if (paused) missed = true; else soon(refresh); });
    source.addEventListener("reload", () => { stop(); soon(async () => { if (paused) missed = true; else await refresh(); connect(); }); });
    source.onerror = () => {
      if (!paused && source && source.readyState === EventSource.CONNECTING) say(pause.dataset.lost);
      if (source && source.readyState === EventSource.CLOSED) look();
    };
    source.onopen = () => { if ([pause.dataset.lost, pause.dataset.looks].includes(status.textContent)) say(pause.dataset.running); };
  };

  if (lists && lists.dataset.events && window.EventSource) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      paused = !paused;
      pause.setAttribute("aria-pressed", String(paused));
      say(paused ? pause.dataset.stopped : pause.dataset.running);
      if (!paused && missed) refresh();
    });
    connect();
    // Browsers allow six connections to one site: a tab that nobody has looked at for
    // 20 s gives its own back, and goes on after the last change when it is shown.
    let doze = 0;
    document.addEventListener("visibilitychange", () => {
      clearTimeout(doze);
      if (document.hidden) doze = setTimeout(() => { asleep = true; stop(); }, 20000);
      else if (asleep) { asleep = false; connect(); }
    });
    window.addEventListener("pagehide", stop);
    window.addEventListener("pageshow", (e) => { if (e.persisted) { refresh(); connect(); } });
  }

  document.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (event.target.id !== "votes" || !button || button.dataset.plain) return;
    event.preventDefault();
    const up = button.value;
    const token = kept("token") || event.target.elements.token.value;
    keep("token", token);
    try {
      const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams({ up, token }), headers: { Accept: "application/json" } });
      const vote = await answer.json();
      if (!answer.ok) { say(vote.detail); return; }
      if (up === "1") voted.add(vote.number); else voted.delete(vote.number);
      keep("voted", [...voted].join(","));
      const next = parse(vote.html).body.firstElementChild;
      button.closest(".vote").replaceWith(next);
      next.querySelector("button").focus({ preventScroll: true });
    } catch { button.dataset.plain = "yes"; button.click(); }
  });

  for (const n of voted) { const article = byId("q" + n); if (article) pressed(article); }

  const text = byId("text");
  const counter = byId("text-count");
  if (text && counter) {
    const limit = Number(counter.dataset.limit);
    text.addEventListener("input", () => {
      const used = [...text.value].length;
      counter.textContent = counter.dataset.format.replace("{used}", used).replace("{limit}", limit);
      counter.classList.toggle("over", used > limit);
    });
  }

  const errors = byId("form-errors");
  if (errors) errors.focus();

  setInterval(() => {
    for (const e of document.querySelectorAll("[data-until]")) {
      const left = Math.floor((Date.parse(e.dataset.until) - Date.now()) / 60000);
      if (left >= 60 && left < 1440) e.textContent = Math.floor(left / 60) + " h " + (left % 60 ? (left % 60) + " min" : "");
      else if (left > 0 && left < 60) e.textContent = left + " min";
    }
  }, 30000);
})();
