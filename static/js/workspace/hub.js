// What every module of the workspace stands on; the seams are listed in main.js.

export const space = document.querySelector("[data-workspace]");

const listeners = new Map();

export function on(name, run) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(run);
}

export function emit(name, detail = {}) {
  for (const run of listeners.get(name) ?? []) run(detail);
}

// Words stand in templates (readings/_words.html), as data-word, so that they can be translated. A template that is not
// rendered keeps them out of sight; blanks such as {n} are filled in.
const words = new Map();
for (const template of document.querySelectorAll("template[data-words]"))
  for (const element of template.content.querySelectorAll("[data-word]"))
    words.set(element.dataset.word, element.textContent.trim());

export function word(name, blanks = {}) {
  return (words.get(name) ?? name).replace(/\{(\w+)\}/g, (all, blank) => blanks[blank] ?? all);
}

export const isShown = (element) => element.getClientRects().length > 0;

// Whether the site is known not to answer.
export const isAway = () => "cut" in space.dataset || !navigator.onLine;
