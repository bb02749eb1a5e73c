// Adjudication by keyboard. Every key does what a button or link of the page does; without this script they are forms and pages.
// A third answer takes its evidence from the article as in the workspace, by the same scripts.
import "./workspace/cells.js";
import { emit } from "./workspace/hub.js";
import "./workspace/pieces.js";
import "./workspace/regions.js";
import { drop, held, use } from "./workspace/selection.js";
import { pointInto } from "./workspace/target.js";

const help = document.getElementById("help");
const desk = () => document.querySelector("[data-desk]");
const points = () => [...desk().querySelectorAll("[data-point]")];
const isText = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
const SETTLED = 60; // ms: longer than htmx takes from an answer to its being drawn
let here = "";
let chosen; // the button that waits for its reason
let onItsWay; // the request whose answer will be put in the desk's place
const pressed = []; // meanwhile

function go(point, { focus = true } = {}) {
  for (const each of points()) each.classList.toggle("is-here", each === point);
  if (!point) return;
  here = point.dataset.point;
  show(point);
  if (focus) point.focus({ preventScroll: true });
  point.scrollIntoView({ block: "nearest" });
}

// The words, places and cells that both readers point at, where they stand in the article.
function show(point) {
  for (const each of document.querySelectorAll(".is-meant")) each.classList.remove("is-meant");
  const anchors = [...point.querySelectorAll("a.review-quote")].map((link) => document.querySelector(link.getAttribute("href")));
  for (const anchor of anchors) anchor?.closest("mark")?.classList.add("is-meant");
  const pane = document.querySelector(".review-text");
  const first = anchors.find(Boolean);
  if (first && pane.scrollHeight > pane.clientHeight) {
    pane.scrollTop += first.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
  }
}

// Words wait for the third answer that is open, or open that of the point one is at.
const thirdForm = () => desk().querySelector(".feature-form");
pointInto(thirdForm, () => current()?.querySelector('[data-do="t"]')?.click());

const current = () => points().find((point) => point.dataset.point === here);

function step(by) {
  const all = points();
  const at = all.indexOf(current());
  go(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
}

// The point that was decided stays above; the next one that is open is gone to.
function afterwards() {
  for (const button of document.querySelectorAll("[data-help]")) button.hidden = false;
  const form = desk().querySelector(".feature-form");
  if (form) {
    for (const hint of form.querySelectorAll("[data-needs-script]")) hint.hidden = false;
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    form.closest("[data-point]")?.scrollIntoView({ block: "nearest" });
    emit("form-opened", { form });
    return;
  }
  const all = points();
  const at = all.findIndex((point) => point.dataset.point === (desk().dataset.at || here));
  const next = all.slice(Math.max(at, 0)).find((point) => "open" in point.dataset) ?? all.find((point) => "open" in point.dataset);
  if (next) go(next);
  else document.getElementById("publish")?.scrollIntoView({ block: "nearest" });
}

function decide(key) {
  const button = current()?.querySelector(`[data-do="${CSS.escape(key)}"]`);
  if (!button) return false;
  const folded = button.closest("details");
  if (folded) folded.open = true;
  button.click();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) help.showModal();
  const button = event.target.closest("[data-choose] button[name=choice]");
  if (!button) return;
  chosen = button;
  for (const each of button.form.querySelectorAll("button[name=choice]")) each.toggleAttribute("aria-pressed", false);
  button.setAttribute("aria-pressed", "true");
});

document.addEventListener("focusin", (event) => {
  const point = event.target.closest("[data-point]");
  if (point && point.dataset.point !== here) go(point, { focus: false });
});

// True where the key did something.
function press(key, target) {
  if (key === "Enter" && target.matches("[data-choose] input[name=reason]")) {
    if (chosen?.form === target.form) chosen.click();
    return true;
  }
  if (key === "Escape" && held()) {
    drop();
    return true;
  }
  if (key === "Escape") {
    const close = current()?.querySelector("[data-close]");
    if (close) close.click();
    else target.blur?.();
    return false;
  }
  if (isText(target)) return false;
  const acts = {
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    e: () => held() && use(),
    u: () => document.querySelector("[data-undo]")?.click(),
    v: () => document.querySelector("[data-switch]")?.click(),
    "?": () => help.showModal(),
  };
  if (target.matches("input[type=radio]") && key.startsWith("Arrow")) return false;
  if (!acts[key]) return "abtin".includes(key) && decide(key);
  acts[key]();
  return true;
}

// What is pressed while an answer is on its way is done when it is there, on what it brought.
function pressLate(key) {
  const target = document.activeElement ?? document.body;
  if (!press(key, target) && isText(target) && key.length === 1) {
    target.setRangeText(key, target.selectionStart, target.selectionEnd, "end");
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (onItsWay && !["Tab", "Shift"].includes(event.key)) pressed.push(event.key);
  else if (!press(event.key, event.target)) return;
  event.preventDefault();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  onItsWay = event.detail.xhr;
  onItsWay.addEventListener("loadend", ({ target }) => setTimeout(settled, SETTLED, target)); // where it failed, nothing settles
});

function settled(request) {
  if (request !== onItsWay) return;
  onItsWay = undefined;
  while (pressed.length && !onItsWay) pressLate(pressed.shift());
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "desk" && event.target.id !== "desk") return;
  afterwards();
  settled(event.detail.xhr);
});

afterwards();
