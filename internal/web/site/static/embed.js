// For pages of other sites that show expert hours in frames: each of these frames becomes as
// high as what is in it. It reads nothing of the page and sends nothing anywhere.
"use strict";

(() => {
  const from = new URL(document.currentScript.src).origin;
  const frames = () => [...document.getElementsByTagName("iframe")].filter((f) => f.src.startsWith(from + "/"));
  window.addEventListener("message", (event) => {
    const height = event.origin === from && event.data && event.data.experthour;
    if (!Number.isInteger(height) || height < 1 || height > 100000) return;
    for (const frame of frames()) if (frame.contentWindow === event.source) frame.style.height = height + "px";
  });
  for (const frame of frames()) frame.contentWindow.postMessage({ experthour: 0 }, "*"); // those that were there first
})();
