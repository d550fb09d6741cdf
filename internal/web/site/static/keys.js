// The keys of the desk page, after desk.js.
"use strict";

// Keys of one letter can be switched off: who speaks to the computer, or slips, presses them unawares.
const keys = document.getElementById("keys");
const byKey = () => keys?.getAttribute("aria-pressed") !== "false";
const setKeys = (on) => {
  keys.setAttribute("aria-pressed", String(on));
  document.body.classList.toggle("without-keys", !on);
};
if (keys) {
  keys.hidden = false;
  setKeys(localStorage.getItem("keys") !== "off");
  keys.addEventListener("click", () => {
    localStorage.setItem("keys", byKey() ? "off" : "on");
    setKeys(!byKey());
  });
}
// typedNowhere reports whether a key is meant for the page: no part of something typed, and none of the browser's.
const typedNowhere = (event, fields) =>
  !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat && !event.target.matches(fields);
const pressed = (event, fields) => byKey() && typedNowhere(event, fields);

// Z takes the decision back that was just confirmed, as long as that can be done.
const undo = document.getElementById("undo");
if (undo) {
  const over = setTimeout(() => undo.remove(), Number(undo.dataset.for));
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !undo.isConnected || !pressed(event, "input:not([type=radio]), textarea, select")) return;
    event.preventDefault();
    clearTimeout(over);
    undo.requestSubmit();
  });
}
// "/" goes to the search, from triage too.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || !pressed(event, "input, textarea, select")) return;
  const at = $("[data-triage]")?.dataset.triage, field = document.getElementById("find");
  if (!field && !at) return;
  event.preventDefault();
  if (field) field.select();
  else location.href = `${at}#find`;
});
if (location.hash === "#find") document.getElementById("find")?.focus();

// Triage by keyboard: A, D and a digit, M and a digit or an arrow, S.
const triage = $("[data-triage]");
if (triage) {
  let mode = "";
  const open = (id) => {
    mode = id;
    const section = document.getElementById(id);
    section?.scrollIntoView({ block: "nearest" });
    ($("input[type=radio]:checked", section) || $("button, input:not([type=hidden])", section))?.focus();
  };
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!typedNowhere(event, "input[type=text], textarea") || key.length === 1 && !byKey()) return;
    if (/^[1-9]$/.test(key) && mode) {
      const hit = $(`#${mode} [data-digit="${key}"]`);
      if (!hit) return;
      event.preventDefault();
      if (mode === "decline") return hit.click();
      hit.checked = true;
      return hit.form.requestSubmit();
    }
    if (key === "escape") mode = "";
    if (key === "enter" && event.target.matches("input[type=radio]")) {
      event.preventDefault();
      return event.target.form.requestSubmit();
    }
    const button = /^[a-z]$/.test(key) && $(`[data-key="${key}" i]`);
    if (!button) return;
    event.preventDefault();
    if (button.hash) open(button.hash.slice(1));
    else button.click();
    if (button.matches("summary")) $("textarea", button.parentElement)?.focus();
  });
  $$("a[data-key][href^='#']").forEach((a) => a.addEventListener("click", (event) => {
    event.preventDefault();
    open(a.hash.slice(1));
  }));
  $("h1", triage)?.focus({ preventScroll: true });
}
