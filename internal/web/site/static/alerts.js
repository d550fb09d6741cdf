// A sound and a notification of the browser when more waits for this person. Off until somebody
// switches it on, for this browser; nothing leaves it, and what is shown is the title of the page.
"use strict";

(() => {
  const button = document.getElementById("alerts");
  if (!button) return;
  let last = Number($("header.board").dataset.fresh), sound = null;
  const on = () => localStorage.getItem("alerts") === "on";
  alerting = on;

  // Browsers let a page sound only after a press on it.
  function wakeSound() {
    if (!on()) return;
    sound ||= new AudioContext();
    sound.resume();
  }
  for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, wakeSound);

  function beep() {
    if (sound?.state !== "running") return;
    const tone = sound.createOscillator(), volume = sound.createGain(), now = sound.currentTime;
    tone.frequency.setValueAtTime(660, now);
    tone.frequency.setValueAtTime(880, now + 0.12);
    volume.gain.setValueAtTime(0.15, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.35);
    tone.connect(volume).connect(sound.destination);
    tone.start(now);
    tone.stop(now + 0.35);
  }

  function notify() {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    try {
      const shown = new Notification(document.title, { tag: location.pathname, renotify: true, silent: true });
      shown.onclick = () => { window.focus(); shown.close(); };
    } catch (error) { /* some telephones show none to pages: the sound is left */ }
  }

  const show = () => button.setAttribute("aria-pressed", String(on()));
  button.addEventListener("click", () => {
    localStorage.setItem("alerts", on() ? "off" : "on");
    show();
    if (!on()) return;
    wakeSound();
    beep();
    if ("Notification" in window && Notification.permission === "default") Notification.requestPermission();
  });

  document.addEventListener("waiting", (event) => {
    if (event.detail > last && on()) {
      beep();
      notify();
    }
    last = event.detail;
  });

  show();
  button.hidden = false;
})();
