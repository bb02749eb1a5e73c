// Single keys for what a page does often. data-key="i" on a button presses it, on anything else goes there;
// data-key-here acts only while the focus is in its [data-keys]; a [data-digits] field takes digits typed elsewhere.
// Nothing here is needed to use the page.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  const key = CSS.escape(event.key);
  const here = event.target.closest("[data-keys]");
  const target =
    here?.querySelector(`[data-key-here="${key}"]`) ||
    document.querySelector(`[data-key="${key}"]`) ||
    (/^\d$/.test(event.key) && document.querySelector("[data-digits]"));
  if (!target) return;
  event.preventDefault();
  if (target.matches("[data-digits]")) target.value += event.key;
  else if (target.matches("button, a")) target.click();
  else target.focus();
});
