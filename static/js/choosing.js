// Several rows of a list: shift chooses up to here, j and k move, space chooses, a letter or digit presses its button.
"use strict";

const form = document.querySelector("[data-choosing]");
const boxes = form ? [...form.querySelectorAll("[data-choice]")] : [];
const all = form?.querySelector("[data-choose-all]");
const chosen = form?.querySelector("[data-chosen]");
let last = null;

function tell() {
  const number = boxes.filter((box) => box.checked).length;
  if (chosen) chosen.textContent = `${chosen.dataset.words} ${number}`;
  if (all) {
    all.checked = number > 0 && number === boxes.length;
    all.indeterminate = number > 0 && number < boxes.length;
  }
}

function choose(box, upTo) {
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
  if (upTo && from >= 0) for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
  last = box;
  tell();
}

for (const box of boxes) box.addEventListener("click", (event) => choose(box, event.shiftKey));
all?.addEventListener("change", () => {
  for (const box of boxes) box.checked = all.checked;
  tell();
});

function move(by) {
  const at = boxes.indexOf(document.activeElement);
  boxes[Math.max(0, Math.min(boxes.length - 1, at < 0 ? 0 : at + by))]?.focus();
}

if (boxes.length) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "x") {
      const menu = form.querySelector("[data-many]");
      menu.open = !menu.open;
      if (menu.open) menu.querySelector("button").focus();
    } else if (event.key === " " && event.shiftKey && event.target.matches("[data-choice]")) {
      event.target.checked = !event.target.checked;
      choose(event.target, true);
    } else {
      const target = form.querySelector(`[data-do="${CSS.escape(event.key)}"]`);
      if (!target) return;
      target.click();
    }
    event.preventDefault();
  });
  tell();
}
