// Words selected in the text wait in a bar for the feature they prove. Offsets are counted in code points, as the server does.
import { addEvidence } from "./evidence.js";
import { emit, on, space } from "./hub.js";
import { chooseForm, formNow } from "./target.js";

const bar = space.querySelector("[data-selection]");
const count = (words) => [...words].length;
let waiting = null; // {section, start, exact}, or {name, value, words} of what addEvidence takes

export const held = () => waiting;

function sectionOf(node) {
  return (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-section]");
}

// The selection as a quote; "crosses" where it lies in two sections, null where it is in none.
function quoteOf(selection) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0).cloneRange();
  const section = sectionOf(range.startContainer);
  if (!section) return null;
  if (sectionOf(range.endContainer) !== section) {
    const beyond = range.cloneRange();
    beyond.setStartAfter(section);
    const taken = [...space.querySelectorAll("[data-section]")].some((other) => other !== section && selection.containsNode(other, true));
    if (taken && sectionOf(range.endContainer) && beyond.toString().trim()) return "crosses";
    range.setEnd(section, section.childNodes.length); // a triple click ends at the start of what follows
  }
  const before = document.createRange();
  before.setStart(section, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const words = range.toString();
  const exact = words.trim();
  if (!exact) return null;
  const lead = words.slice(0, words.length - words.trimStart().length);
  return { section: section.dataset.section, start: count(before.toString()) + count(lead), exact };
}

export function hold(quote) {
  if (!bar) return;
  waiting = quote === "crosses" ? null : quote;
  const use = bar.querySelector("[data-use]");
  bar.querySelector("[data-selection-words]").textContent = quote === "crosses" ? bar.dataset.crosses : (quote?.words ?? quote?.exact ?? "");
  bar.classList.toggle("is-warning", quote === "crosses");
  use.hidden = !waiting;
  use.textContent = formNow() ? use.dataset.add : use.dataset.choose;
  bar.hidden = !quote;
  emit("held", { quote: waiting });
}

export function drop() {
  hold(null);
  getSelection().removeAllRanges();
}

// Adds the held words to the open form; without one, asks for the feature first.
export function use() {
  const form = formNow();
  if (!waiting) return;
  if (!form) return chooseForm();
  const { section, start, exact, name, value, words } = waiting;
  drop();
  addEvidence(form, name ? { name, value, words } : { value: `${section}:${start}:${exact}`, words: exact });
}

document.addEventListener("selectionchange", () => {
  const quote = quoteOf(getSelection());
  if (quote) hold(quote); // words stay held when a click elsewhere ends the selection
});

space.addEventListener("click", (event) => {
  if (event.target.closest("[data-use]")) use();
  else if (event.target.closest("[data-drop]")) drop();
});

on("form-opened", () => waiting && use());
