// Rectangles on figures: drawn with mouse, finger or arrow keys in a dialog that shows the figure large, held and used as
// selected words are. Numbers are percent of the picture, as the server keeps them.
import { addEvidence } from "./evidence.js";
import { emit, on, space, word } from "./hub.js";
import { hold } from "./selection.js";
import { formNow } from "./target.js";

const dialog = space.querySelector("[data-draw-dialog]");
const SMALLEST = 0.5;
const STEP = 1;
const FINE = 0.1;
const ZOOMS = [1, 1.5, 2, 3, 4];

const round = (number) => Math.round(number * 100) / 100;
const clamp = (number, least, most) => Math.min(most, Math.max(least, number));

// What was drawn before leads to its value, as a mark in the text does.
space.addEventListener("click", (event) => {
  const link = event.target.closest(".region-link[data-feature]");
  if (!link?.dataset.feature || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  emit("go-to", { slug: link.dataset.feature });
});

function showButtons(root) {
  for (const button of root.querySelectorAll("[data-draw]")) button.hidden = !dialog;
}
showButtons(space);
on("drawn", () => showButtons(space));

if (dialog) {
  const part = (name) => dialog.querySelector(`[data-draw-${name}]`);
  const [sheet, picture, rectangle, others, told] = ["sheet", "picture", "rectangle", "others", "told"].map(part);
  const fields = Object.fromEntries(["x", "y", "w", "h"].map((side) => [side, dialog.querySelector(`[name=draw-${side}]`)]));
  const panel = dialog.querySelector("[name=draw-panel]");
  let figure = null; // the element whose figure is drawn on
  let box = null; // {x, y, w, h}
  let zoom = 0;

  const draw = (next, { typed = null } = {}) => {
    box = next && {
      w: round(clamp(next.w, SMALLEST, 100)),
      h: round(clamp(next.h, SMALLEST, 100)),
      x: round(clamp(next.x, 0, 100 - clamp(next.w, SMALLEST, 100))),
      y: round(clamp(next.y, 0, 100 - clamp(next.h, SMALLEST, 100))),
    };
    rectangle.toggleAttribute("hidden", !box);
    for (const side of ["x", "y", "w", "h"]) {
      if (box) rectangle.setAttribute({ w: "width", h: "height" }[side] ?? side, box[side]);
      if (fields[side] !== typed) fields[side].value = box ? box[side] : "";
    }
    part("use").disabled = part("clear").disabled = !box;
    told.textContent = box ? word("drawn", box) : word("not-drawn");
  };

  const magnify = (by) => {
    zoom = clamp(zoom + by, 0, ZOOMS.length - 1);
    for (let n = 0; n < ZOOMS.length; n++) sheet.classList.toggle(`zoom-${n}`, n === zoom);
    part("scale").textContent = `${ZOOMS[zoom] * 100} %`;
    if (box) rectangle.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  // Places are in percent, so the small picture, which the page has, will do where the large one does not come.
  picture.addEventListener("error", () => {
    const small = figure?.querySelector("[data-picture] img")?.currentSrc;
    if (!small || picture.src === small) return;
    picture.src = small;
    part("rights").prepend(word("needs-site-picture"), " ");
  });

  const open = (button) => {
    figure = button.closest("[data-figure]");
    part("label").textContent = figure.querySelector("[data-label]").textContent;
    picture.src = figure.querySelector("[data-picture]")?.href ?? figure.querySelector("img").src;
    picture.alt = part("label").textContent;
    part("rights").replaceChildren(...figure.querySelector("[data-rights]").cloneNode(true).childNodes);
    others.replaceChildren(...[...figure.querySelectorAll(".regions rect")].map(copyOf));
    panel.value = "";
    zoom = 0;
    magnify(0);
    draw(null);
    dialog.showModal();
    sheet.focus();
  };

  // What is drawn there already, in its colour and out of reach.
  const copyOf = (rect) => {
    const copy = rect.cloneNode();
    copy.classList.add(...[...rect.parentElement.classList].filter((name) => name.startsWith("hue-")));
    return copy;
  };

  const use = () => {
    if (!box) return;
    const label = part("label").textContent;
    const named = panel.value.trim();
    const chosen = {
      name: "region",
      value: `${figure.dataset.figure}:${box.x},${box.y},${box.w},${box.h}:${named}`,
      words: named ? word("on-panel", { figure: label, panel: named }) : label,
    };
    dialog.close();
    if (formNow()) addEvidence(formNow(), chosen);
    else hold(chosen);
  };

  // --- pointer: from one corner to the other --------------------------------------------------------------------------

  let corner = null;
  const at = (event) => {
    const frame = picture.getBoundingClientRect();
    return {
      x: clamp(((event.clientX - frame.left) / frame.width) * 100, 0, 100),
      y: clamp(((event.clientY - frame.top) / frame.height) * 100, 0, 100),
    };
  };
  const between = (a, b) => ({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) });
  const pointers = new Set();

  sheet.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    pointers.add(event.pointerId);
    if (pointers.size > 1) return void (corner = null); // two fingers move and enlarge
    event.preventDefault();
    sheet.focus({ preventScroll: true });
    sheet.setPointerCapture(event.pointerId);
    corner = at(event);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!corner) return;
    const drawn = between(corner, at(event));
    if (drawn.w >= SMALLEST && drawn.h >= SMALLEST) draw(drawn);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
    sheet.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      corner = null;
    });

  // --- keys: arrows move, with Shift they size, with Alt finely --------------------------------------------------------

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  sheet.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const arrow = arrows[event.key];
    if (!box && (arrow || event.key === " ")) draw({ x: 35, y: 35, w: 30, h: 30 });
    else if (arrow) {
      const [dx, dy] = arrow.map((way) => way * (event.altKey ? FINE : STEP));
      if (event.shiftKey) draw({ ...box, w: Math.min(box.w + dx, 100 - box.x), h: Math.min(box.h + dy, 100 - box.y) });
      else draw({ ...box, x: box.x + dx, y: box.y + dy });
      rectangle.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Enter") use();
    else if (event.key === "Delete" || event.key === "Backspace") draw(null);
    else if (event.key === "+" || event.key === "=") magnify(1);
    else if (event.key === "-") magnify(-1);
    else return;
    event.preventDefault();
  });

  dialog.addEventListener("input", (event) => {
    if (!Object.values(fields).includes(event.target)) return;
    const [x, y, w, h] = ["x", "y", "w", "h"].map((side) => parseFloat(fields[side].value.replace(",", ".")));
    const whole = [x, y, w, h].every(Number.isFinite) && w > 0 && h > 0;
    if (whole) draw({ x, y, w, h }, { typed: event.target });
  });

  dialog.addEventListener("change", (event) => {
    if (box && Object.values(fields).includes(event.target)) draw(box);
  });

  dialog.addEventListener("click", (event) => {
    const does = event.target.closest("[data-draw-do]")?.dataset.drawDo;
    ({ use, clear: () => draw(null), in: () => magnify(1), out: () => magnify(-1), close: () => dialog.close() })[does]?.();
  });

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      use();
    }
  });

  dialog.addEventListener("close", () => figure?.querySelector("[data-draw]")?.focus());

  space.addEventListener("click", (event) => {
    const button = event.target.closest("[data-draw]");
    if (button) open(button);
  });
}
