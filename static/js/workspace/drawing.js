// Puts what the server sent anew in its place: each element with data-part takes that of the one with its id. A form that is
// open stays as it is but for what the save changed: its version, its stored evidence, its buttons.
import { emit } from "./hub.js";

const FOCUSABLE = "a[href], button, input, select, textarea, summary";
const HEARD = 50; // ms until the words just selected are told of: drawn anew before that, the text would take them along
let pointerIsDown = false;
const waiting = [];

document.addEventListener("pointerdown", () => (pointerIsDown = true), true);
for (const end of ["pointerup", "pointercancel"])
  document.addEventListener(end, () => {
    pointerIsDown = false;
    setTimeout(drawWaiting, HEARD);
  }, true);

function drawWaiting() {
  if (!pointerIsDown) for (const draw of waiting.splice(0)) draw();
}

// ``sent``: the fields of the form that this answers, as [name, value] pairs.
export function draw(html, sent = []) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const elements = [];
  const onTheirWay = []; // forms that were asked for by a row that is drawn anew: what comes for the old one finds nobody
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(part.id);
    if (!old || part.parentElement.closest("[data-part]")) continue;
    document.adoptNode(part);
    if (old.querySelector("a.feature-name.htmx-request")) onTheirWay.push(part.id);
    if (part.matches(".feature")) elements.push(drawRow(old, part, sent));
    else if (part.matches(".section")) drawSection(old, part);
    else elements.push(replace(old, part));
  }
  for (const element of elements) htmx.process(element);
  for (const id of onTheirWay) document.getElementById(id)?.querySelector("a.feature-name")?.click();
  emit("drawn", { elements });
  return elements;
}

function replace(old, part) {
  const focused = old.contains(document.activeElement) ? [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement) : -1;
  if (old.open) part.open = true;
  old.replaceWith(part);
  if (focused >= 0) part.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
  return part;
}

function drawRow(old, part, sent) {
  const form = old.querySelector(":scope > [data-feature-form]");
  const fresh = part.querySelector("[data-feature-form]");
  if (!form) {
    if (fresh) fresh.replaceWith(Object.assign(document.createElement("div"), { id: fresh.id }));
    return replace(old, part);
  }
  if (fresh && fresh.dataset.place === form.dataset.place) renew(form, fresh, sent);
  const place = fresh ?? part.querySelector(`#${CSS.escape(form.id)}`);
  const name = old.querySelector(".feature-name");
  const hadFocus = name === document.activeElement;
  for (const child of [...old.children]) if (child !== form) child.remove();
  let before = true;
  for (const child of [...part.children]) {
    if (child === place) before = false;
    else before ? form.before(child) : old.append(child);
  }
  old.className = part.className;
  old.toggleAttribute("data-due", part.hasAttribute("data-due"));
  if (hadFocus) old.querySelector(".feature-name").focus({ preventScroll: true });
  return old;
}

// What stands in the form and is stored by now.
function renew(form, fresh, sent) {
  form.elements.version.value = fresh.elements.version.value;
  const wasSent = (input) => sent.some(([name, value]) => name === input.name && value === input.value);
  const lines = [...form.querySelectorAll("[data-quotes] > *")];
  const pending = lines.filter((line) => {
    if ("piece" in line.dataset) return false; // stored, and drawn anew
    const boxes = [...line.querySelectorAll("input[type=checkbox][name]")];
    return boxes.length && !boxes.every(wasSent);
  });
  form.querySelector("[data-quotes]").replaceChildren(...fresh.querySelector("[data-quotes]").children, ...pending);
  if ([...form.querySelectorAll(".found input:checked")].every(wasSent)) form.querySelector(".found")?.remove();
  form.querySelector("[data-after-save]").replaceWith(fresh.querySelector("[data-after-save]"));
}

// A section waits while words are being selected, and keeps what is selected in it.
function drawSection(old, part) {
  if (pointerIsDown && getSelection().containsNode(old, true)) return waiting.push(() => drawSection(document.getElementById(part.id), part));
  const kept = selected(old);
  old.replaceWith(part);
  htmx.process(part);
  if (kept) select(part, kept);
  emit("drawn", { elements: [part] });
}

function selected(section) {
  const selection = getSelection();
  const text = section.querySelector("[data-section]");
  if (selection.isCollapsed || !text?.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return null;
  const range = selection.getRangeAt(0);
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return [start, start + range.toString().length];
}

function select(section, [start, end]) {
  const range = document.createRange();
  const walker = document.createTreeWalker(section.querySelector("[data-section]"), NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node; (node = walker.nextNode()); at += node.data.length) {
    if (start >= at && start <= at + node.data.length) range.setStart(node, start - at);
    if (end >= at && end <= at + node.data.length) {
      range.setEnd(node, end - at);
      break;
    }
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

// The form that an answer brings is put where the feature's form or its place is.
export function drawForm(html) {
  const form = new DOMParser().parseFromString(html, "text/html").querySelector("[data-feature-form]");
  const old = form && document.getElementById(form.id);
  if (!old) return null;
  document.adoptNode(form);
  old.replaceWith(form);
  htmx.process(form);
  return form;
}

export const wordsOf = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const told = page.querySelector("[data-notice] .notice, .notice--danger, main") ?? page.body;
  return told.textContent.replace(/\s+/g, " ").trim();
};

