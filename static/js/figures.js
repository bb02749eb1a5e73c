// The figure viewer: every [data-picture] link of the page opens in one dialog. Without this the links lead to the pictures.
// Arrows go from figure to figure, or move the picture once it is enlarged; + and - enlarge and shrink, 0 shows it whole,
// Escape closes (the browser's own doing). Licence and attribution stay in sight.
"use strict";

const viewer = document.querySelector("[data-viewer]");

if (viewer) {
  const part = (name) => viewer.querySelector(`[data-viewer-${name}]`);
  const stage = part("stage");
  const picture = part("picture");
  const STEP = 1.4;
  const LARGEST = 12;
  const NUDGE = 60;
  const all = () => [...document.querySelectorAll("[data-picture]")]; // asked anew: parts of a page are drawn again
  let links = [];
  let shown = 0;
  let view = { scale: 1, x: 0, y: 0 };

  const draw = (scale, x, y) => {
    scale = Math.min(LARGEST, Math.max(1, scale));
    const far = (size) => (size * (scale - 1)) / 2; // no further than its edge
    const within = (at, size) => Math.min(far(size), Math.max(-far(size), at));
    view = { scale, x: within(x, stage.clientWidth), y: within(y, stage.clientHeight) };
    picture.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    part("scale").textContent = `${Math.round(view.scale * 100)} %`;
  };

  // The point under the pointer stays where it is.
  const zoom = (factor, x = 0, y = 0) => {
    const scale = Math.min(LARGEST, Math.max(1, view.scale * factor));
    const grown = scale / view.scale;
    draw(scale, x - (x - view.x) * grown, y - (y - view.y) * grown);
  };

  const show = (n) => {
    shown = (n + links.length) % links.length;
    const figure = links[shown].closest("figure");
    const words = (name) => figure.querySelector(`[data-${name}]`);
    viewer.querySelector("#viewer-label").textContent = words("label").textContent;
    part("place").textContent = `${shown + 1} / ${links.length}`;
    picture.src = links[shown].href;
    picture.alt = words("label").textContent;
    const caption = words("caption") ?? figure.parentElement.querySelector("[data-section]");
    part("caption").replaceChildren(...(caption ? caption.cloneNode(true).childNodes : []));
    part("rights").replaceChildren(...words("rights").cloneNode(true).childNodes);
    for (const copy of viewer.querySelectorAll("mark[id]")) copy.removeAttribute("id");
    draw(1, 0, 0);
  };

  const doing = {
    previous: () => show(shown - 1),
    next: () => show(shown + 1),
    in: () => zoom(STEP),
    out: () => zoom(1 / STEP),
    whole: () => draw(1, 0, 0),
    close: () => viewer.close(),
  };

  const moved = { ArrowLeft: [NUDGE, 0], ArrowRight: [-NUDGE, 0], ArrowUp: [0, NUDGE], ArrowDown: [0, -NUDGE] };
  const keys = { "+": "in", "=": "in", "-": "out", _: "out", 0: "whole", PageUp: "previous", PageDown: "next" };

  viewer.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const by = moved[event.key];
    const inCaption = event.target === part("caption") && (event.key === "ArrowUp" || event.key === "ArrowDown");
    if (by && view.scale > 1 && !inCaption) draw(view.scale, view.x + by[0], view.y + by[1]);
    else if (event.key === "ArrowLeft") doing.previous();
    else if (event.key === "ArrowRight") doing.next();
    else if (keys[event.key]) doing[keys[event.key]]();
    else return;
    event.preventDefault();
  });

  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-viewer-do]");
    if (button) doing[button.dataset.viewerDo]();
  });

  viewer.addEventListener("close", () => links[shown]?.focus());

  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const box = stage.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
      zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, x, y);
    },
    { passive: false },
  );

  // One pointer moves the picture, two enlarge it.
  const held = new Map();
  const apart = () => {
    const [a, b] = [...held.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    stage.classList.add("is-dragged");
  });
  stage.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const wide = held.size === 2 ? apart() : 0;
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (wide) zoom(apart() / wide);
    else if (held.size === 1) draw(view.scale, view.x + event.clientX - before.x, view.y + event.clientY - before.y);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (event) => {
      held.delete(event.pointerId);
      if (!held.size) stage.classList.remove("is-dragged");
    });
  }
  stage.addEventListener("dblclick", () => (view.scale > 1 ? doing.whole() : zoom(3)));

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-picture]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    links = all();
    viewer.showModal();
    show(links.indexOf(link));
    stage.focus();
  });
}
