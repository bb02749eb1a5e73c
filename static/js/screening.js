// The screening queue by keyboard, the next article shown at once: the answer to a decision brings the one after those that
// the page holds already. Without this script every decision is a form and a page.
"use strict";

const deck = document.querySelector("[data-deck]");
const waiting = document.querySelector("[data-waiting]");
let pending = 0;
let undoes = false;

const current = () => deck.querySelector("[data-card]:not([hidden])");
const ahead = () => [...deck.querySelectorAll("[data-card]:not([data-said])")];

for (const form of deck.querySelectorAll("form[data-say]")) wire(form);

// htmx takes the forms over one after the other, so that the answers come in the order of the decisions
function wire(form) {
  form.setAttribute("hx-post", form.getAttribute("action"));
  form.setAttribute("hx-target", "#deck");
  form.setAttribute("hx-swap", "beforeend");
  form.setAttribute("hx-sync", "#deck:queue all");
  if (window.htmx) htmx.process(form);
}

function show(card) {
  waiting.hidden = Boolean(card);
  if (!card) return;
  card.hidden = false;
  card.querySelector("[id^=title-]")?.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

deck.addEventListener("submit", (event) => {
  const card = event.target.closest("[data-card]");
  if (!card || !event.target.matches("[data-say]") || !window.htmx) return;
  pending += 1;
  card.dataset.said = event.target.dataset.say;
  card.hidden = true;
  show(ahead()[0]);
});

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches?.("[data-say]")) return;
  const own = event.target.closest("[data-card]");
  for (const card of deck.querySelectorAll("[data-card]")) {
    if (card !== own) event.detail.formData.append(card.dataset.said ? "said" : "have", card.dataset.card);
  }
});

document.addEventListener("htmx:afterSettle", () => {
  for (const form of deck.querySelectorAll("form[data-say]:not([hx-post])")) wire(form);
  if (deck.querySelector("[data-finished]")) waiting.hidden = true;
  else if (!current()) show(ahead()[0]);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || !event.target.matches("[data-say]")) return;
  pending -= 1;
  if (event.detail.successful) card.remove();
  else bringBack(card);
  if (!pending && undoes) undo();
});

// a refusal says why in its own words; the article it is about comes first again
function bringBack(card) {
  delete card.dataset.said;
  for (const each of deck.querySelectorAll("[data-card]")) each.hidden = true;
  deck.prepend(card);
  show(card);
}

function undo() {
  undoes = pending > 0;
  if (!undoes) document.querySelector("[data-undo] button")?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "u") undo();
  else if (event.key === "?") document.querySelector("[data-keys-help]")?.toggleAttribute("open");
  else if (event.key === "o") current()?.querySelector("[data-open]")?.click();
  else {
    const target = current()?.querySelector(`[data-do="${CSS.escape(event.key)}"]`);
    if (!target) return;
    if (target.matches("input")) target.focus();
    else target.click();
  }
  event.preventDefault();
});
