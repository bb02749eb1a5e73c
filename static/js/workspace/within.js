// Words found within the article: painted over the text, which stays as it is, so that quotes keep their places. Enter goes on,
// Shift+Enter back; Ctrl+Enter takes the sentence that holds the words, as if it had been selected.
import { on, space, word } from "./hub.js";
import { registerKey } from "./keys.js";
import { showTab } from "./tabs.js";

const form = space.querySelector("[data-within]");
const MOST = 2000;
const LOOKS_ALIKE = ["'’‘ʼ`´′", "\"“”„«»″", "-‐‑‒–—−"];
const SENTENCE_ENDS = /[.!?;]\s+(?=[^a-z\s])/g;

if (form) {
  const input = form.querySelector("input[type=search]");
  const count = form.querySelector("[data-within-count]");
  const painter = typeof Highlight === "function" && CSS.highlights;
  const texts = new WeakMap(); // by section: its text nodes, where each begins, and all their words
  let found = [];
  let here = -1;

  const sections = () => space.querySelectorAll("[data-section]");

  function textOf(section) {
    if (!texts.has(section)) {
      const nodes = [];
      const starts = [];
      let words = "";
      const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        nodes.push(node);
        starts.push(words.length);
        words += node.data;
      }
      texts.set(section, { nodes, starts, words });
    }
    return texts.get(section);
  }

  // The node in which an offset of the section's words lies, and where in it.
  function pointAt({ nodes, starts }, offset, isEnd) {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (isEnd ? starts[middle] < offset : starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return [nodes[low], offset - starts[low]];
  }

  function rangeOf(text, start, end) {
    const range = document.createRange();
    range.setStart(...pointAt(text, start, false));
    range.setEnd(...pointAt(text, end, true));
    return range;
  }

  const escaped = (letter) => letter.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
  const tolerant = (letter) => {
    const alike = LOOKS_ALIKE.find((some) => some.includes(letter));
    return alike ? `[${[...alike].map(escaped).join("")}]` : escaped(letter);
  };

  function search() {
    const words = input.value.trim().split(/\s+/).filter(Boolean);
    found = [];
    if (words.length && words.join("").length > 1) {
      const phrase = new RegExp(words.map((each) => [...each].map(tolerant).join("")).join("\\s+"), "giu");
      for (const section of sections()) {
        const text = textOf(section);
        for (const match of text.words.matchAll(phrase)) {
          if (found.length < MOST) found.push({ section, text, start: match.index, end: match.index + match[0].length });
        }
      }
    }
    here = found.length ? firstBelow() : -1;
    paint();
    say();
  }

  // The first that is not above what one sees.
  function firstBelow() {
    const top = form.getBoundingClientRect().bottom;
    const next = found.findIndex(({ section }) => section.getBoundingClientRect().bottom > top);
    return next < 0 ? 0 : next;
  }

  const ranges = () => (found[0]?.range ? found : found.map((each) => Object.assign(each, { range: rangeOf(each.text, each.start, each.end) })));

  function paint() {
    const all = ranges();
    if (painter) {
      painter.set("within", new Highlight(...all.map(({ range }) => range)));
      painter.set("within-now", new Highlight(...(here < 0 ? [] : [all[here].range])));
      painter.get("within-now").priority = 1;
    }
    form.querySelectorAll("[data-within-do]").forEach((button) => (button.disabled = here < 0));
  }

  function say() {
    if (!input.value.trim()) count.textContent = "";
    else if (here < 0) count.textContent = word("within-none");
    else count.textContent = word(found.length < MOST ? "within-count" : "within-many", { n: here + 1, all: found.length });
  }

  function go(by) {
    if (!found.length) return;
    here = (here + by + found.length) % found.length;
    show();
  }

  function show() {
    showTab("text");
    paint();
    say();
    const { range, section } = ranges()[here];
    section.closest("details:not([open])")?.setAttribute("open", "");
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
    if (!painter) choose(range); // a browser that cannot paint shows the place by selecting it
    else intoView(range);
  }

  // A long paragraph is larger than the window: its beginning in sight is not the words in sight.
  function intoView(range) {
    const pane = space.querySelector("#article-text");
    const box = range.getBoundingClientRect();
    const scroller = pane.scrollHeight > pane.clientHeight ? pane : document.scrollingElement;
    const middle = window.innerHeight / 2;
    if (box.top < 140 || box.bottom > window.innerHeight - 80) scroller.scrollBy({ top: box.top - middle });
  }

  function choose(range) {
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  // From the end of the sentence before to the end of its own.
  function sentence() {
    if (here < 0) return;
    const { text, start, end } = found[here];
    let from = 0;
    let to = text.words.length;
    for (const cut of text.words.matchAll(SENTENCE_ENDS)) {
      const after = cut.index + cut[0].length;
      if (after <= start) from = after;
      else if (cut.index + 1 >= end) {
        to = cut.index + 1;
        break;
      }
    }
    const words = text.words.slice(from, to);
    choose(rangeOf(text, from + words.length - words.trimStart().length, from + words.trimEnd().length));
  }

  function end() {
    input.value = "";
    search();
    space.querySelector("#article-text").focus({ preventScroll: true });
  }

  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      search();
      if (here >= 0) show();
    }, 120);
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && input.value) end();
    else if (event.key !== "Enter" || event.isComposing) return;
    else if (event.ctrlKey || event.metaKey) sentence();
    else go(event.shiftKey ? -1 : 1);
    event.preventDefault();
    event.stopPropagation();
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const does = event.target.closest("[data-within-do]")?.dataset.withinDo;
    ({ next: () => go(1), previous: () => go(-1), sentence })[does]?.();
  });
  for (const part of form.querySelectorAll("[data-within-script]")) part.hidden = false;

  // Sections drawn anew have other text nodes.
  on("drawn", () => {
    if (input.value.trim()) {
      const before = here;
      search();
      here = Math.min(before, found.length - 1);
      paint();
      say();
    }
  });

  const focus = () => {
    showTab("text");
    input.focus();
    input.select();
  };
  registerKey("f", word("within-find"), focus);
  registerKey("]", word("within-next"), () => go(1), { when: () => found.length });
  registerKey("[", word("within-previous"), () => go(-1), { when: () => found.length });
}
