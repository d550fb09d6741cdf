// What somebody types as an answer is kept at the server, after a pause and when they leave; below the
// field stands what the server says to it. Without this script the form is sent as any other.
"use strict";

(() => {
  const pause = 800, longest = 5000, again = 10000; // ms
  const composing = (form) => form && $("[data-typed]", form);
  const states = new WeakMap();

  // The name of this window stays over a reload; a window that is copied gets one of its own.
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
  let me = sessionStorage.getItem("window") || fresh();
  sessionStorage.removeItem("window");
  addEventListener("pageshow", () => sessionStorage.removeItem("window"));

  const state = (form) => {
    if (!states.has(form)) states.set(form, { timer: 0, since: 0, busy: null });
    return states.get(form);
  };

  function said(form) {
    const said = new URLSearchParams({ window: me });
    for (const name of ["text", "stage", "base", "draft", "over"]) said.set(name, form.elements[name]?.value ?? "");
    return said;
  }

  // later sends after a pause, and at the latest a while after the first sign.
  function later(form, wait = pause) {
    const s = state(form);
    clearTimeout(s.timer);
    s.since ||= Date.now();
    s.timer = setTimeout(() => send(form), wait === pause ? Math.min(wait, Math.max(0, s.since + longest - Date.now())) : wait);
  }

  async function send(form) {
    const s = state(form), box = composing(form), text = form.elements.text.value;
    if (s.busy || form.dataset.sent || !form.isConnected) return;
    clearTimeout(s.timer);
    s.since = 0;
    s.busy = new AbortController();
    let failed = false;
    try {
      const answer = await fetch(box.dataset.typed, { method: "POST", body: said(form), signal: s.busy.signal });
      if (!answer.ok) throw new Error(answer.status);
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      show(form, $(".typed", holder.content), text);
    } catch (error) {
      if (error.name === "AbortError") return;
      $(".typed-saved", box).textContent = box.dataset.lost;
      failed = true;
    } finally {
      s.busy = null;
    }
    if (failed) later(form, again);
    else if (form.elements.text.value !== text) later(form);
  }

  function show(form, typed, text) {
    $(".typed", form).replaceWith(typed);
    form.elements.over.value = typed.dataset.over;
    offer(form);
    saved(form.elements.text, text);
  }

  // offer shows the buttons that only a script can serve.
  const offer = (root) => $$("[data-take]", root).forEach((button) => { button.hidden = false; });

  // leave hands over what was not sent yet, when nobody waits for an answer any more.
  function leave() {
    for (const form of $$("form[id]").filter(composing)) {
      const s = state(form);
      if ((!s.since && !s.busy) || form.dataset.sent) continue;
      clearTimeout(s.timer);
      s.busy?.abort();
      s.since = 0;
      navigator.sendBeacon(composing(form).dataset.typed, said(form));
    }
  }
  addEventListener("pagehide", () => {
    leave();
    sessionStorage.setItem("window", me);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });

  const grows = CSS.supports("field-sizing", "content");
  function grow(field) {
    if (grows) return;
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + 2}px`;
  }

  document.addEventListener("input", (event) => {
    if (event.target.name !== "text" || !composing(event.target.form)) return;
    grow(event.target);
    later(event.target.form);
  });
  document.addEventListener("focusin", (event) => {
    const field = event.target;
    if (field.name !== "text" || !composing(field.form)) return;
    grow(field);
    if (field.value && !$(".lengths", field.form)) later(field.form, 0);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!composing(form)) return;
    form.elements.window.value = me;
    clearTimeout(state(form).timer);
    state(form).busy?.abort();
  });

  // Whoever takes a text from another window keeps the one that stood here, as another window's.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    const form = button.closest("form"), field = form.elements.text;
    me = fresh();
    form.elements.over.value = "";
    field.value = $(".text", button.parentElement).textContent;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  offer(document);
})();
