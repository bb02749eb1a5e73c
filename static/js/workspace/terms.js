// Ontology terms by any of their names: a combobox after the WAI-ARIA pattern (list autocomplete, focus stays in the field).
// What is typed is saved when a term is chosen or the field is left, not at each letter.
import { emit, on, space, word } from "./hub.js";

const PAUSE = 80; // ms without a key until the terms are asked for

let asked = 0; // numbers the questions: an answer that comes late is dropped
let timer = 0;

const parts = (combo) => ({
  input: combo.querySelector("[data-combo-input]"),
  list: combo.querySelector("[data-combo-list]"),
  told: combo.querySelector("[data-combo-told]"),
});

function enhance(combo) {
  const { input, list } = parts(combo);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
}

function shut(combo) {
  const { input, list } = parts(combo);
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

async function ask(combo) {
  const { input } = parts(combo);
  const number = ++asked;
  const typed = input.value.trim();
  if (typed.length < 2) return shut(combo);
  let found = [];
  try {
    const answer = await fetch(`${combo.dataset.terms}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
    found = answer.ok ? (await answer.json()).results : [];
  } catch {
    parts(combo).told.textContent = word("needs-site-terms"); // what is typed still stands
    return shut(combo);
  }
  if (number === asked && document.activeElement === input) show(combo, found);
}

function show(combo, found) {
  const { input, list, told } = parts(combo);
  const options = found.map(({ written, by }, n) => {
    const option = document.createElement("li");
    option.role = "option";
    option.id = `${list.id}-${n}`;
    option.dataset.written = written;
    option.setAttribute("aria-selected", "false");
    option.textContent = by ? `${written} · ${by}` : written;
    return option;
  });
  list.replaceChildren(...options);
  list.hidden = !options.length;
  input.setAttribute("aria-expanded", String(options.length > 0));
  input.removeAttribute("aria-activedescendant");
  told.textContent = options.length ? `${options.length} ${told.dataset.some}` : told.dataset.none;
}

function move(combo, by) {
  const { input, list } = parts(combo);
  const options = [...list.children];
  if (!options.length) return;
  const now = options.findIndex((option) => option.ariaSelected === "true");
  const next = (now + by + options.length + (now < 0 && by < 0 ? 1 : 0)) % options.length;
  options.forEach((option, n) => option.setAttribute("aria-selected", String(n === next)));
  options[next].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[next].id);
}

function changed(combo) {
  const { input } = parts(combo);
  delete combo.dataset.typing;
  emit("form-changed", { form: input.form, target: input });
}

function pick(combo, option) {
  const { input } = parts(combo);
  input.value = option.dataset.written;
  shut(combo);
  changed(combo);
  oneMore(combo);
}

// Where several terms may be given there is always an empty field for the next.
function oneMore(combo) {
  const all = [...combo.parentElement.querySelectorAll("[data-combo]")];
  if (all.length < 2 || all.some((each) => !parts(each).input.value.trim())) return;
  const fresh = all.at(-1).cloneNode(true);
  const { input, list } = parts(fresh);
  input.value = "";
  list.id = `${list.id.replace(/-\d+$/, "")}-${all.length + 1}`;
  all.at(-1).after(fresh);
  enhance(fresh);
}

const comboOf = (event) => event.target.closest?.("[data-combo]");

// Before the form hears of it: the letters of a name are no term yet.
space.addEventListener(
  "input",
  (event) => {
    const combo = event.target.matches("[data-combo-input]") && comboOf(event);
    if (!combo) return;
    event.stopPropagation();
    combo.dataset.typing = "";
    clearTimeout(timer);
    timer = setTimeout(() => ask(combo), PAUSE);
  },
  { capture: true },
);

space.addEventListener(
  "keydown",
  (event) => {
    const combo = event.target.matches?.("[data-combo-input]") && comboOf(event);
    if (!combo) return;
    const { list } = parts(combo);
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") list.hidden ? ask(combo) : move(combo, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && !list.hidden) pick(combo, chosen ?? list.firstElementChild);
    else if (event.key === "Escape" && !list.hidden) shut(combo);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);

space.addEventListener("pointerdown", (event) => {
  const option = event.target.closest("[data-combo-list] [role=option]");
  if (!option) return;
  event.preventDefault(); // the field keeps the focus
  pick(comboOf(event), option);
});

space.addEventListener("focusout", (event) => {
  const combo = event.target.matches?.("[data-combo-input]") && comboOf(event);
  if (!combo) return;
  shut(combo);
  if ("typing" in combo.dataset) changed(combo);
});

on("form-opened", ({ form }) => {
  form.querySelectorAll("[data-combo]").forEach(enhance);
  for (const element of form.querySelectorAll("[data-needs-no-script]")) element.hidden = true;
});
