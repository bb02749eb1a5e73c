// The curator's workspace: words selected in the text become evidence, keys do what buttons do. Everything here has a
// way without it: forms, links and "Find the words". Offsets are sent in code points, as the server counts.
"use strict";

const space = document.querySelector("[data-workspace]");
const bar = space.querySelector("[data-selection]");
const search = space.querySelector("[data-feature-search]");
const help = document.getElementById("help");
const count = (words) => [...words].length;
const shown = (element) => element.getClientRects().length > 0;
let held = null; // the quote waiting for its feature: {section, start, exact}
let current = null; // the form last opened or touched

const openForm = () => (current?.isConnected ? current : (current = space.querySelector("[data-feature-form]")));

// --- words selected in the text --------------------------------------------------------------------------------------

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

function hold(quote) {
  if (!bar) return;
  held = quote === "crosses" ? null : quote;
  const use = bar.querySelector("[data-use]");
  bar.querySelector("[data-selection-words]").textContent = quote === "crosses" ? bar.dataset.crosses : (quote?.exact ?? "");
  bar.classList.toggle("is-warning", quote === "crosses");
  use.hidden = !held;
  use.textContent = openForm() ? use.dataset.add : use.dataset.choose;
  bar.hidden = !quote;
}

function drop() {
  hold(null);
  getSelection().removeAllRanges();
}

// Adds the held words to the open form; without one, asks for the feature first.
function use() {
  const form = openForm();
  if (!held) return;
  if (!form) {
    showTab("features");
    search.focus();
    return;
  }
  const value = `${held.section}:${held.start}:${held.exact}`;
  const known = [...form.querySelectorAll("input[name=quote]")].find((input) => input.value === value);
  if (known) known.checked = true;
  else {
    const line = form.querySelector("[data-quote-template]").content.cloneNode(true);
    line.querySelector("input").value = value;
    line.querySelector("q").textContent = held.exact;
    form.querySelector("[data-quotes]").append(line);
  }
  form.dataset.dirty = "";
  drop();
  showTab("features");
  form.querySelector("[data-save]").focus({ preventScroll: true });
}

document.addEventListener("selectionchange", () => {
  const quote = quoteOf(getSelection());
  if (quote) hold(quote); // words stay held when a click elsewhere ends the selection
});

// --- forms -----------------------------------------------------------------------------------------------------------

function close(form) {
  const place = document.createElement("div");
  place.id = form.id;
  form.replaceWith(place);
}

// A value belongs to present and indeterminate only; the server says the same.
function matchStatus(form) {
  const status = form.querySelector("input[name=status]:checked")?.value;
  const value = form.querySelector("fieldset.value");
  if (value) value.disabled = Boolean(status) && !["present", "indeterminate"].includes(status);
}

function opened(form) {
  space.querySelectorAll("[data-feature-form]:not([data-dirty])").forEach((other) => other !== form && close(other));
  current = form;
  form.querySelectorAll("[data-needs-script]").forEach((hint) => (hint.hidden = false));
  matchStatus(form);
  showTab("features");
  if (held) use();
  else form.querySelector("[role=alert], input[name=status]:checked")?.focus({ preventScroll: true });
  form.closest(".feature")?.scrollIntoView({ block: "nearest" });
}

function go(slug) {
  const row = document.getElementById(`feature-${slug}`);
  if (!row) return;
  row.closest("details")?.setAttribute("open", "");
  showTab("features");
  row.scrollIntoView({ block: "center" });
  row.querySelector(".feature-name").focus({ preventScroll: true });
}

// Where words prove several values, each click goes on to the next of them.
function next(slugs) {
  const here = document.activeElement.closest(".feature")?.id.replace("feature-", "");
  return slugs[(slugs.indexOf(here) + 1) % slugs.length];
}

function step(by) {
  const due = [...space.querySelectorAll(".feature[data-due]")].filter(shown);
  const here = document.activeElement.closest?.(".feature") ?? openForm()?.closest(".feature");
  const follows = Node.DOCUMENT_POSITION_FOLLOWING;
  const ahead = here ? due.filter((row) => row !== here && Boolean(here.compareDocumentPosition(row) & follows) === by > 0) : due;
  const row = (by > 0 ? ahead[0] : ahead.at(-1)) ?? (by > 0 ? due[0] : due.at(-1));
  const name = row?.querySelector("a.feature-name");
  name?.focus({ preventScroll: true }); // so that the next key counts from here, though the form is still on its way
  name?.click();
}

// --- search, tabs ----------------------------------------------------------------------------------------------------

function filter() {
  if (!search) return;
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (row) => words.every((word) => row.dataset.words.includes(word));
  let any = false;
  for (const group of space.querySelectorAll(".group")) {
    let here = false;
    for (const row of group.querySelectorAll(".feature")) {
      row.hidden = !found(row);
      here ||= !row.hidden;
    }
    group.hidden = !here;
    any ||= here;
    const more = group.querySelector(".more");
    if (more) more.open = words.length ? [...more.querySelectorAll(".feature")].some(found) : more.open && !more.dataset.searched;
    if (more) words.length ? (more.dataset.searched = "") : delete more.dataset.searched;
  }
  space.classList.toggle("is-searching", words.length > 0);
  space.querySelector("[data-nothing-found]").hidden = any;
}

function showTab(name) {
  space.dataset.showing = name;
  space.querySelectorAll("[data-tab]").forEach((tab) => tab.toggleAttribute("aria-current", tab.dataset.tab === name));
}

// --- events ----------------------------------------------------------------------------------------------------------

space.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const link = on(".mark-link") ?? (getSelection().isCollapsed ? on("mark[data-features]") : null);
  if (link) {
    event.preventDefault();
    go(link.hash?.replace("#feature-", "") ?? next(link.dataset.features.split(" ")));
  } else if (on("[data-tab]")) {
    event.preventDefault();
    showTab(on("[data-tab]").dataset.tab);
  } else if (on("[data-close]")) {
    event.preventDefault();
    const row = on(".feature");
    close(on("[data-feature-form]"));
    row.querySelector(".feature-name").focus({ preventScroll: true });
  } else if (on("[data-help]")) {
    event.preventDefault();
    help.showModal();
  } else if (on(".answer-quote a")) showTab("text");
  else if (on("[data-use]")) use();
  else if (on("[data-drop]")) drop();
});

document.addEventListener("click", (event) => {
  space.querySelectorAll(".menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
});

space.addEventListener("input", (event) => {
  if (event.target === search) return filter();
  const form = event.target.closest("[data-feature-form]");
  if (!form) return;
  current = form;
  form.dataset.dirty = "";
  const { name } = event.target;
  if (name === "value" && event.target.matches("[type=radio]:checked, [type=checkbox]:checked"))
    form.querySelector("input[name=status][value=present]:not(:disabled)").checked ||= !form.querySelector("[value=indeterminate]:checked");
  if (name === "status") matchStatus(form);
});

space.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  if (event.target.matches("[data-find]")) {
    event.preventDefault();
    event.target.closest("form").querySelector("[data-find-button]").click();
  } else if (event.target === search) {
    event.preventDefault();
    const found = [...space.querySelectorAll(".feature a.feature-name")].filter(shown);
    const typed = search.value.trim().toLowerCase();
    (found.find((name) => name.textContent.toLowerCase().includes(typed)) ?? found[0])?.click(); // by label before by option
  }
});

const KEYS = {
  "/": () => (showTab("features"), search?.focus()),
  n: () => step(1),
  p: () => step(-1),
  e: use,
  s: () => openForm()?.querySelector("[data-save]").click(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || help.open) return;
  if (event.key === "Escape") {
    if (held) drop();
    else if (openForm() && !("dirty" in openForm().dataset)) close(openForm());
    return;
  }
  if (event.target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])")) return;
  const status = /^[1-5]$/.test(event.key) && openForm()?.querySelectorAll("input[name=status]")[event.key - 1];
  if (status) status.click();
  else if (Object.hasOwn(KEYS, event.key)) KEYS[event.key]();
  else return;
  event.preventDefault();
});

document.addEventListener("htmx:load", (event) => {
  const form = event.detail.elt.matches?.("[data-feature-form]") && event.detail.elt;
  if (form) opened(form);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("[data-feature-form]");
  if (form && event.detail.successful && event.detail.requestConfig.verb === "post" && !form.isConnected) {
    current = null;
    if (search.value) search.value = "";
    document.querySelector(`#feature-${form.id.replace("form-", "")} .feature-name`)?.focus({ preventScroll: true });
  }
  filter();
});

window.addEventListener("beforeunload", (event) => {
  if (space.querySelector("[data-feature-form][data-dirty]")) event.preventDefault();
});

space.querySelectorAll("[data-needs-no-script]").forEach((element) => (element.hidden = true));
const atStart = openForm();
showTab(atStart || location.hash.startsWith("#feature") || location.hash.startsWith("#group") ? "features" : "text");
if (atStart) opened(atStart);
