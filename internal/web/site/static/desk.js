// The desk: changes appear by themselves, what somebody is typing stays, and nothing
// moves under the reader. Every page works without this script; a reload shows all.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const main = document.getElementById("main");
const work = $("[data-desk]");
const status = document.getElementById("status");

// What was typed survives a reload and a redirect in this tab.

const draftKey = (field) => `draft ${work?.dataset.desk || location.pathname} ${field.form.id} ${field.name}`;
const drafted = 'form[id] textarea[name], form[id] input[type="text"][name]:not([name="alt"], [name="author"])';

function restoreDrafts(root) {
  for (const field of $$(drafted, root)) {
    const saved = JSON.parse(sessionStorage.getItem(draftKey(field)) || "null");
    if (!saved || saved.value === field.value || elsewhere(field, saved.value)) continue;
    field.value = saved.value;
    for (const [name, value] of Object.entries(saved.seen || {})) { // what the person saw: nothing newer is overwritten unawares
      if (field.form.elements[name]) field.form.elements[name].value = value;
    }
    if (saved.over !== field.defaultValue) mark(field.form);
    const fold = field.closest("details");
    if (fold) fold.open = true;
  }
}

// elsewhere reports whether a text is kept at the server beside a newer one of the same person.
const elsewhere = (field, text) => $$("details .text", $(".typed", field.form) || document.createElement("p"))
  .some((kept) => kept.textContent.trim() === text.trim());

// saved notes that the server has a text: nobody else has changed it under its writer.
function saved(field, text) {
  const draft = JSON.parse(sessionStorage.getItem(draftKey(field)) || "null");
  if (draft) sessionStorage.setItem(draftKey(field), JSON.stringify({ ...draft, over: text }));
}

// seen are the hidden fields that say on what version a text was written.
const seen = (form) => Object.fromEntries(["base", "draft"].filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));

function mark(form) {
  if (!work || $(".touched", form)) return;
  const note = document.createElement("p");
  note.className = "notice warn touched";
  note.textContent = work.dataset.touched;
  form.prepend(note);
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches(drafted)) return;
  if (field.value === field.defaultValue) sessionStorage.removeItem(draftKey(field));
  else sessionStorage.setItem(draftKey(field), JSON.stringify({ value: field.value, over: field.defaultValue, seen: seen(field.form) }));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault(); // a second press of the same button
  form.dataset.sent = "yes";
  for (const field of form.id ? $$("[name]", form) : []) {
    const draft = JSON.parse(sessionStorage.getItem(draftKey(field)) || "null");
    if (draft) sessionStorage.setItem(draftKey(field), JSON.stringify({ ...draft, sent: true }));
  }
});

// What was sent is forgotten only when the desk says that it was done: a log-in may
// have expired meanwhile, or the connection broken.
if ($('#flash[role="status"]')) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("draft ") && JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
  }
}
addEventListener("pageshow", () => $$("form").forEach((form) => { delete form.dataset.sent; }));

const dirty = (form) => [...form.elements].some((field) =>
  field.matches("textarea, input[type=text], input[type=search], input[type=url]") && field.value !== field.defaultValue ||
  field.matches("input[type=file]") && field.files.length > 0 ||
  field.matches("input[type=checkbox], input[type=radio]") && field.checked !== field.defaultChecked ||
  field.matches("select") && [...field.options].some((o) => o.selected !== o.defaultSelected) && field.value !== "");

// The clock of the board.

function tick() {
  for (const clock of $$("[data-until]")) {
    const left = Math.max(0, new Date(clock.dataset.until) - Date.now());
    const minutes = Math.floor(left / 60000), seconds = Math.floor(left / 1000) % 60;
    const text = minutes < 5 ? `${minutes}:${String(seconds).padStart(2, "0")}` : String(Math.ceil(left / 60000));
    const b = $("b", clock);
    if (b.textContent !== text) b.textContent = text;
  }
}
tick();
setInterval(tick, 1000);

// Live updates.

async function load(path) {
  const answer = await fetch(path, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.status);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

// locate remembers which control has the focus, to find it in what replaces it.
function locate(root) {
  const el = document.activeElement;
  if (!el || !root.contains(el)) return null;
  const form = el.closest("form");
  const range = "selectionStart" in el && el.selectionStart !== null ? [el.selectionStart, el.selectionEnd] : null;
  return (fresh) => {
    const found = root.isConnected && root.contains(el) && el.isConnected ? el
      : el.isConnected ? el
      : el.id && fresh.querySelector("#" + CSS.escape(el.id))
      || el.matches("a") && $$("a", fresh).find((a) => a.getAttribute("href") === el.getAttribute("href"))
      || el.matches("summary") && $$("summary", fresh).find((s) => s.textContent === el.textContent)
      || form && $$("form", fresh).filter((f) => f.getAttribute("action") === form.getAttribute("action")).map((f) => $("button", f))[0];
    if (!found) return;
    found.focus({ preventScroll: true });
    if (range && found.setSelectionRange && found.matches("textarea, input[type=text], input[type=url]")) found.setSelectionRange(...range);
  };
}

// replace puts a fresh element in the place of an old one. Folds stay open, and a
// form that somebody is writing in stays as it is, with what the person saw in it.
function replace(old, fresh) {
  const focus = locate(old);
  restoreDrafts(fresh);
  const opened = new Set($$("details[open] > summary", old).map((s) => s.textContent));
  for (const s of $$("details > summary", fresh)) if (opened.has(s.textContent)) s.parentElement.open = true;
  for (const form of $$("form", old)) {
    if (!dirty(form) && !(form.contains(document.activeElement) && document.activeElement.matches("textarea, input, select"))) continue;
    keep(form, fresh);
  }
  old.replaceWith(fresh);
  if (focus) focus(fresh);
}

const own = ["picture", "over", "window"]; // hidden fields that say nothing of the question

function keep(form, fresh) {
  const twin = $$("form", fresh).find((f) => f.id === form.id && f.getAttribute("action") === form.getAttribute("action"));
  const changed = !twin || [...twin.elements].some((f) => f.type === "hidden" && !own.includes(f.name) && form.elements[f.name]?.value !== f.value)
    || $(".typed.touched", twin);
  if (changed && dirty(form)) mark(form);
  if (twin) {
    twin.replaceWith(form);
    const fold = form.closest("details");
    if (fold) fold.open = true;
  } else if (dirty(form) && $(".card-head", fresh)) {
    const part = document.createElement("div");
    part.className = "card-part";
    part.append(form);
    fresh.append(part);
  }
}

// still does something to the page without moving what the reader looks at.
function still(change) {
  const seen = () => $$(".card").find((card) => card.getBoundingClientRect().bottom > 160);
  const anchor = seen()?.id;
  const top = anchor && document.getElementById(anchor).getBoundingClientRect().top;
  change();
  const now = anchor && document.getElementById(anchor);
  if (now && scrollY > 0) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
}

const touched = new Set();
let timer = 0, running = false, paused = false;

const cardPath = (n) => `${work.dataset.desk}/cards/${n}${work.dataset.query}`;

async function refresh() {
  if (running || paused) return;
  running = true;
  const numbers = [...touched];
  touched.clear();
  try {
    const board = await load(`${work.dataset.desk}/board${work.dataset.query}`);
    const order = $$("#order > li", board).map((li) => Number(li.dataset.card));
    const wanted = new Set(order.filter((n) => !document.getElementById("q" + n)));
    for (const n of numbers) if (n && document.getElementById("q" + n)) wanted.add(n);
    const cards = new Map();
    await Promise.all([...wanted].map(async (n) => cards.set(n, $("article", await load(cardPath(n))))));
    still(() => {
      for (const part of ["header.board", ".urgent", ".tools"]) {
        const fresh = $(part, board), old = $(part);
        if (fresh && old) replace(old, fresh);
      }
      for (const [n, card] of cards) place(n, card, order);
    });
    tick();
    const fresh = Number($("header.board").dataset.fresh);
    document.title = (fresh ? `(${fresh}) ` : "") + document.title.replace(/^\(\d+\) /, "");
    document.dispatchEvent(new CustomEvent("waiting", { detail: fresh }));
    say(numbers, cards);
  } catch (error) {
    numbers.forEach((n) => touched.add(n));
    status.textContent = work.dataset.lost;
    schedule(3000);
  } finally {
    running = false;
    if (touched.size) schedule(100);
  }
}

function place(n, card, order) {
  const old = document.getElementById("q" + n);
  if (old) return replace(old, card);
  $(".cards > .empty")?.remove();
  const before = order.slice(0, order.indexOf(n)).reverse().map((m) => document.getElementById("q" + m)).find(Boolean);
  const first = $(".cards > .card") || $(".cards > .pages");
  if (before) before.after(card);
  else if (first) first.before(card);
  else $(".cards").append(card);
  restoreDrafts(card);
}

// One short line for everybody, read out by screen readers.
function say(numbers, cards) {
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone: work.dataset.zone });
  const what = numbers.filter((n) => cards.has(n)).slice(0, 3).map((n) => `Q${n}: ${cards.get(n).dataset.badge}.`).join(" ");
  status.textContent = `${what} ${work.dataset.live.replace("%s", time)}`.trim();
}

function schedule(wait) {
  clearTimeout(timer);
  timer = setTimeout(refresh, wait);
}

// Browsers allow six connections to one site: a tab that nobody has looked at for 20 s
// gives its own back, unless somebody wants to be alerted by it, and goes on after the last change that it knows when it is shown.
let source = null, connect = () => {}, wake = connect, asleep = false, doze = 0, alerting = () => false;

function listen(base, after, changed, reload) {
  connect = () => {
    source?.close();
    source = null;
    if (asleep) return;
    source = new EventSource(`${base}/events?after=${encodeURIComponent(after)}`);
    source.addEventListener("change", (event) => {
      after = event.lastEventId || after;
      changed(JSON.parse(event.data).card);
    });
    source.addEventListener("reload", () => { source.close(); reload(); });
    source.addEventListener("error", () => {
      if (work && status) status.textContent = work.dataset.lost;
      if (source?.readyState === EventSource.CLOSED) setTimeout(connect, 5000); // refused: browsers give up
    });
    source.addEventListener("open", () => {
      if (!work || !status) return;
      if (status.textContent === work.dataset.lost) schedule(0);
      else if (!status.textContent) say([], new Map());
    });
  };
  wake = () => { if (after) connect(); else reload(); };
  connect();
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(doze);
  if (document.hidden && !alerting()) doze = setTimeout(() => { asleep = true; connect(); }, 20000);
  else if (asleep) {
    asleep = false;
    wake();
    if (work) arrived(0);
  }
});

// everything fetches all cards anew, after changes that nobody kept.
function everything() {
  for (const card of $$(".cards > .card")) touched.add(Number(card.id.slice(1)));
  touched.add(0);
  schedule(0);
  listen(work.dataset.desk, "", arrived, () => setTimeout(everything, 3000));
}

function arrived(n) {
  touched.add(n);
  schedule(100);
}

if (work?.dataset.after) {
  listen(work.dataset.desk, work.dataset.after, arrived, everything);
  const button = document.getElementById("pause");
  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    if (paused) status.textContent = work.dataset.held;
    else schedule(0);
  });
  setInterval(() => { if (!document.hidden || alerting()) arrived(0); }, 30000); // waits grow by themselves
}

// A link to a card that is not on this page leads to a page that has it.
work?.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#q"]');
  if (!link || document.getElementById(link.getAttribute("href").slice(1))) return;
  event.preventDefault();
  const at = new URLSearchParams(work.dataset.query);
  at.set("at", link.getAttribute("href").slice(2));
  location.href = `${work.dataset.desk}?${at}${link.getAttribute("href")}`;
});

// Similar questions are looked up when somebody opens the form for merging.
document.addEventListener("toggle", async (event) => {
  const box = event.target.open && $("[data-similar]", event.target);
  if (!box || box.dataset.done) return;
  box.dataset.done = "yes";
  try {
    const page = await load(box.dataset.similar);
    const list = $("#similar", page);
    if (list) {
      $$("input[type=radio]", list).forEach((r) => { r.checked = r.defaultChecked = false; });
      box.replaceChildren(...list.childNodes);
    }
  } catch (error) { /* the link that stands there leads to the same list */ }
}, true);

// Where one question is decided after another: what a colleague did to it takes the buttons off. What was typed stays.
const one = $("[data-shown]");
if (one?.dataset.after) {
  listen(one.dataset.triage, one.dataset.after, async (n) => {
    if (n !== Number(one.dataset.shown) || !$("#over").hidden) return;
    const card = await load(`${one.dataset.triage}/cards/${n}`).catch(() => null);
    if (!card || $$("input[name=stage]", card).some((stage) => stage.value === one.dataset.stage)) return;
    $$("button, a[data-key]:not([href*='after='])", one).forEach((button) => button.closest("#undo") || button.remove());
    $("#over").hidden = false;
  }, () => {});
}

// Closing: the list shows what is left now, unless somebody is choosing.
const closing = $("[data-close]");
if (closing?.dataset.after) {
  listen(closing.dataset.close, closing.dataset.after, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!$$("form").some(dirty) && !document.activeElement.matches("input, select")) location.reload();
    }, 400);
  }, () => {});
}

// The address of a new hour is proposed from its title, until somebody writes one.
const title = document.getElementById("title"), slug = document.getElementById("slug");
if (title && slug && !slug.value) {
  let own = false;
  slug.addEventListener("input", () => { own = slug.value !== ""; });
  title.addEventListener("input", () => {
    if (own) return;
    slug.value = title.value.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  });
}

const errors = document.getElementById("form-errors");
if (errors) errors.focus();
// Why something was not done is read where it was pressed, in the middle of the screen: what is
// above may lie under the board.
const problem = document.getElementById("problem");
if (problem) {
  addEventListener("load", () => setTimeout(() => {
    problem.scrollIntoView({ block: "center", behavior: "instant" });
    problem.focus({ preventScroll: true });
  }));
}
// Who has just claimed a question writes at once. The browser has gone to the card of
// the address by then, which takes the focus away.
if ($('#flash[role="status"]') && /^#q\d+$/.test(location.hash)) {
  addEventListener("load", () => setTimeout(() => $(`${location.hash} > .card-part > form textarea`)?.focus({ preventScroll: true })));
}
if (main) restoreDrafts(main);
