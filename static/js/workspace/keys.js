// Keys do what buttons do. What is pressed while an answer that will be put under them is on its way waits until it is there, so
// that nobody types too fast.
import { space, word } from "./hub.js";

const help = document.getElementById("help");
const SETTLED = 60; // ms: longer than htmx takes from an answer to its being drawn
const keys = [];
const onTheirWay = new Set(); // requests of which the answer is not drawn yet
const pressed = [];
const later = [];

export function registerKey(key, words, run, { within = "", when = () => true, where = "not in text" } = {}) {
  keys.push({ keys: [key].flat(), words, run, within, when, where });
}

// Until it is over, keys wait.
export function keysWaitFor(promise) {
  onTheirWay.add(promise);
  promise.finally(() => settled(promise));
  return promise;
}

export function whenSettled(run) {
  if (onTheirWay.size) later.push(run);
  else run();
}

function settled(thing) {
  if (!onTheirWay.delete(thing) || onTheirWay.size) return;
  for (const run of later.splice(0)) run();
  while (pressed.length && !onTheirWay.size) actLate(pressed.shift());
}

const isText = (element) => element?.matches?.("textarea, select, input:not([type=radio], [type=checkbox], [type=button])");

const nameOf = (event) => {
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  const upper = event.shiftKey && (event.ctrlKey || event.metaKey) ? "Shift+" : shift;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${upper}${event.key.length === 1 && event.ctrlKey ? event.key.toLowerCase() : event.key}`;
};

// True where the key did something.
function act({ name, key }) {
  const focused = document.activeElement ?? document.body;
  const known = keys.find(
    (each) =>
      each.keys.includes(name) &&
      (each.where === "anywhere" || !isText(focused)) &&
      (!each.within || focused.closest(each.within)) &&
      each.when(name),
  );
  if (known) known.run(name);
  return Boolean(known);
}

// A key that waited and that the site does not know does what the browser would have done, where the focus is now.
function actLate(stroke) {
  const focused = document.activeElement ?? document.body;
  const { name, key } = stroke;
  if (act(stroke)) return;
  if (isText(focused)) {
    if (key.length === 1) type(focused, key);
    else if (key === "Backspace") type(focused, "");
    else if (key === "Enter" && focused.matches("input")) focused.form?.requestSubmit();
  } else if (name === "Enter" || name === " ") focused.matches("a[href], button, summary, input") && focused.click();
  else if (focused.matches("input[type=radio]")) turn(focused, { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[name]);
}

function type(field, letter) {
  const end = field.selectionEnd ?? field.value.length;
  let start = field.selectionStart ?? end;
  if (!letter && start === end) start = Math.max(0, start - 1);
  field.setRangeText?.(letter, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: letter }));
}

function turn(radio, by) {
  const all = [...radio.form.querySelectorAll(`input[type=radio][name="${CSS.escape(radio.name)}"]:enabled`)];
  const next = by && all[(all.indexOf(radio) + by + all.length) % all.length];
  next?.focus();
  next?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const stroke = { name: nameOf(event), key: event.key };
  const typing = isText(event.target);
  if (onTheirWay.size && !typing && !["Tab", "Shift"].includes(event.key) && !event.ctrlKey && !event.metaKey) {
    pressed.push(stroke);
    event.preventDefault();
  } else if (keys.some((each) => each.keys.includes(stroke.name) && (each.where === "anywhere" || !typing))) {
    if (act(stroke)) event.preventDefault();
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr } = event.detail;
  const waitedFor = space.contains(elt) && !elt.matches("[data-quiet]");
  if (!waitedFor) return; // what the page fetches by itself holds up no key
  onTheirWay.add(xhr);
  xhr.addEventListener("loadend", () => setTimeout(() => settled(xhr), SETTLED)); // where what asked is gone, nobody is told
});
for (const end of ["htmx:afterSettle", "htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:sendAbort", "htmx:swapError"])
  document.addEventListener(end, (event) => settled(event.detail.xhr));

// The list in the help is made of what is registered.
function showHelp() {
  const list = help.querySelector("[data-keys-list]");
  const said = new Map();
  for (const { keys: names, words } of keys) said.set(words, [...(said.get(words) ?? []), ...names]);
  list.replaceChildren(
    ...[...said].flatMap(([words, names]) => {
      const term = document.createElement("dt");
      term.append(...names.flatMap((name) => [key(name), " "]));
      const says = document.createElement("dd");
      says.textContent = words;
      return [term, says];
    }),
  );
  help.showModal();
}

function key(name) {
  const shown = document.createElement("kbd");
  shown.className = "kbd";
  shown.textContent = { Escape: "Esc", Enter: "↵" }[name] ?? name.replace(/\+(\w)$/, (all, letter) => `+${letter.toUpperCase()}`);
  return shown;
}

space.addEventListener("click", (event) => {
  if (!event.target.closest("[data-help]")) return;
  event.preventDefault();
  showHelp();
});

registerKey("?", word("this-list"), showHelp);
