// Live updates, the pause button, votes in place, what was typed, the counter of the form and
// the time left. Without it everything works; the page is then as old as its loading.
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

  // count takes over how many questions there are in each list.
  const count = (counts) => {
    for (const e of document.querySelectorAll("[data-count]")) {
      const n = counts[e.dataset.count];
      if (n !== undefined && e.textContent !== String(n)) e.textContent = n;
    }
  };

  // insert puts an article where its list grows: answers at the start, questions at the end. A
  // list of which this is only the beginning does not grow.
  const insert = (section, article) => {
    const first = section.querySelector(".question");
    const paging = section.querySelector(":scope > .actions");
    if (!section.dataset.grow) return;
    section.querySelector(".empty")?.remove();
    if (section.dataset.grow === "start" && first) first.before(article);
    else if (paging) paging.before(article);
    else section.append(article);
    article.classList.add("arrived");
  };

  const focusIn = (e) => e && e.contains(document.activeElement) && document.activeElement !== document.body;

  // remove takes an article away; who was in it goes on at the next one, or at the title of the list.
  const remove = (old) => {
    const section = old.closest(".list");
    const near = [old.nextElementSibling, old.previousElementSibling].find((e) => e && e.matches(".question"));
    const focused = focusIn(old);
    old.remove();
    if (focused) (near ? near.querySelector("a, button") : section.querySelector("h2")).focus();
    if (section.querySelector(".question, .empty") || section.querySelector(":scope > .actions")) return;
    const empty = document.createElement("p");
    empty.className = "empty";
    empty.textContent = section.dataset.empty;
    section.append(empty);
  };

  // moveLater moves an article to its list once its reader has left it, unless it changed again.
  const moves = new Map();
  const moveLater = (article, n, list) => {
    const move = new AbortController();
    moves.set(n, move);
    article.addEventListener("focusout", (event) => {
      if (article.contains(event.relatedTarget) || article.contains(document.activeElement)) return; // the window lost it
      move.abort();
      const section = byId(list);
      keepPlace(() => { remove(article); if (section) insert(section, article); });
    }, { signal: move.signal });
  };

  const put = (change) => {
    count(change.counts);
    const old = byId("q" + change.n);
    if (change.removed) { if (old) remove(old); return; }
    const article = parse(change.html).body.firstElementChild;
    const section = byId(change.list);
    if (!article || !old && !section) return;
    if (voted.has(change.n)) pressed(article);
    const list = old && old.closest(".list");
    moves.get(change.n)?.abort();
    if (focusIn(old)) {
      const same = document.activeElement.localName;
      old.replaceWith(article);
      (article.querySelector(same) || article.querySelector("a")).focus({ preventScroll: true });
      if (list !== section && list.id !== "search") moveLater(article, change.n, change.list);
    } else if (list === section || list && list.id === "search") old.replaceWith(article);
    else {
      if (old) remove(old);
      if (section) insert(section, article);
    }
  };

  const pressed = (article) => {
    const button = article.querySelector(".vote button");
    if (!button || button.value === "0") return;
    button.setAttribute("aria-pressed", "true");
    button.value = "0";
    button.querySelector(".label").textContent = byId("votes").dataset.voted;
  };

  // refresh fetches the page anew and takes over its lists, its hero and its form, unless
  // somebody is writing in it. A change of the hour that says what changed needs none.
  let refreshing = false;
  const refresh = async () => {
    if (refreshing) return;
    refreshing = true;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = parse(await answer.text());
      const next = page.getElementById("lists");
      keepPlace(() => {
        for (const name of ["answered", "waiting", "other"]) take(page, name);
        hero(page.querySelector(".hero"));
        form(page.getElementById("ask"));
        for (const e of page.querySelectorAll(".ways [data-count]")) count({ [e.dataset.count]: e.textContent });
      });
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

  const hero = (next) => {
    const old = document.querySelector(".hero");
    if (next && old && !focusIn(old)) old.replaceWith(next);
  };

  // form takes over whether one can ask, but never from under somebody who writes.
  const form = (next) => {
    const old = byId("ask");
    const text = byId("text");
    if (old && next && !focusIn(old) && !(text && text.value.trim()) && !!next.querySelector("form") !== !!text) old.replaceWith(next);
  };

  // turn takes over what changed of the hour itself.
  const turn = (change) => {
    const ask = byId("ask");
    if (change.again || ask && !change.ask && !byId("text")) return soon(refresh); // the form of a page is its reader's own
    keepPlace(() => {
      hero(parse(change.hero || "").querySelector(".hero"));
      form(parse(change.ask || "").querySelector(".ask"));
    });
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
    source = new EventSource(lists.dataset.events + encodeURIComponent(after));
    source.addEventListener("question", onQuestion);
    source.addEventListener("session", (event) => {
      after = event.lastEventId || after;
      if (paused) missed = true;
      else turn(JSON.parse(event.data));
    });
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

  // What is typed survives a reload, in this tab and until it was sent.
  const draft = "draft:" + hour;
  const fields = ["text", "name"].map(byId).filter(Boolean);
  const stored = () => { try { return JSON.parse(sessionStorage.getItem(draft)) || {}; } catch { return {}; } };
  const store = (value) => { try { sessionStorage.setItem(draft, JSON.stringify(value)); } catch { /* it may not */ } };
  const ask = byId("ask-form");
  if (ask) {
    const kept = stored();
    for (const field of fields) {
      if (field.value || !kept[field.id] || kept.sent) continue;
      field.value = kept[field.id];
      field.dispatchEvent(new Event("input"));
      const fold = field.closest("details");
      if (fold) fold.open = true;
    }
    const note = (sent) => store(Object.fromEntries([...fields.map((f) => [f.id, f.value]), ["sent", sent]]));
    ask.addEventListener("input", () => note(false));
    ask.addEventListener("submit", () => note(true));
    if (kept.sent && !byId("form-errors")) store({});
    else if (byId("form-errors")) note(false);
  }

  // The browser goes to the summary by its address; on a page that was there before it may not.
  const errors = byId("form-errors");
  if (errors) window.addEventListener("load", () => errors.focus());

  setInterval(() => {
    for (const e of document.querySelectorAll("[data-until]")) {
      const left = Math.floor((Date.parse(e.dataset.until) - Date.now()) / 60000);
      if (left >= 60 && left < 1440) e.textContent = Math.floor(left / 60) + " h " + (left % 60 ? (left % 60) + " min" : "");
      else if (left > 0 && left < 60) e.textContent = left + " min";
    }
  }, 30000);
})();
