// One feature's form is open at a time, besides those in which something was changed and is not saved.
import { emit, isShown, on, space, word } from "./hub.js";
import { registerKey, whenSettled } from "./keys.js";
import { findFeature } from "./search.js";
import { drop, held, use } from "./selection.js";
import { showTab } from "./tabs.js";
import { pointInto } from "./target.js";

let current = null;

export const slugOf = (form) => form.id.replace(/^form-/, "");

export function currentForm() {
  if (!current?.isConnected) current = space.querySelector("[data-feature-form]");
  return current;
}

export function closeForm(form) {
  const place = document.createElement("div");
  place.id = form.id;
  form.replaceWith(place);
  if (current === form) current = null;
  emit("form-closed", { slug: slugOf(place) });
}

export function openFeature(slug) {
  const row = document.getElementById(`feature-${slug}`);
  const open = row?.querySelector("[data-feature-form]");
  if (!open) row?.querySelector("a.feature-name")?.click();
  return new Promise((resolve) => whenSettled(() => resolve(row?.querySelector("[data-feature-form]") ?? null)));
}

// A value belongs to present and indeterminate only; the server says the same.
function matchStatus(form) {
  const status = form.querySelector("input[name=status]:checked")?.value;
  const value = form.querySelector("fieldset.value");
  if (value) value.disabled = Boolean(status) && !["present", "indeterminate"].includes(status);
}

export function formIsHere(form) {
  emit("form-drawn", { form });
  opened(form);
}

function opened(form) {
  for (const other of space.querySelectorAll("[data-feature-form]")) if (other !== form) emit("form-left", { form: other });
  current = form;
  for (const hint of form.querySelectorAll("[data-needs-script]")) hint.hidden = false;
  matchStatus(form);
  showTab("features");
  (form.querySelector("input[name=status]:checked") ?? form.querySelector("input[name=status]")).focus({ preventScroll: true });
  emit("form-opened", { form });
  form.closest(".feature")?.scrollIntoView({ block: "nearest" });
}

export function goTo(slug) {
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
  const due = [...space.querySelectorAll(".feature[data-due]")].filter(isShown);
  const here = document.activeElement.closest?.(".feature") ?? currentForm()?.closest(".feature");
  const follows = Node.DOCUMENT_POSITION_FOLLOWING;
  const ahead = here ? due.filter((row) => row !== here && Boolean(here.compareDocumentPosition(row) & follows) === by > 0) : due;
  const row = (by > 0 ? ahead[0] : ahead.at(-1)) ?? (by > 0 ? due[0] : due.at(-1));
  const name = row?.querySelector("a.feature-name");
  name?.focus({ preventScroll: true }); // so that the next key counts from here, though the form is still on its way
  name?.click();
}

space.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  const mark = hit(".mark-link") ?? (getSelection().isCollapsed ? hit("mark[data-features]") : null);
  if (mark) {
    event.preventDefault();
    goTo(mark.hash?.replace("#feature-", "") ?? next(mark.dataset.features.split(" ")));
  }
});

document.addEventListener("click", (event) => {
  for (const menu of space.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

space.addEventListener("input", (event) => {
  const form = event.target.closest("[data-feature-form]");
  if (!form) return;
  current = form;
  if (event.target.closest("[data-piece], [data-typed-place]")) return; // pieces.js
  emit("form-changed", { form, target: event.target });
});

on("form-changed", ({ form, target }) => {
  form.dataset.dirty = "";
  const inValue = target?.closest("fieldset.value");
  const gives = inValue && (target.matches("[type=radio], [type=checkbox]") ? target.checked : target.value.trim());
  if (gives && !form.querySelector("input[name=status]:checked")) choose(form, "present"); // who gives a value says it is there
  if (target?.name === "status" || gives) matchStatus(form);
});

on("form-filled", ({ form }) => matchStatus(form));

const statuses = (form) => form.querySelectorAll("input[name=status]");
const choose = (form, status) => (form.querySelector(`input[name=status][value=${status}]`).checked = true);
const firstOfValue = (form) => form.querySelector("fieldset.value:enabled [name]:checked") ?? form.querySelector("fieldset.value:enabled [name]");

// To what the answer lacks most: its value, else its status.
function toAnswer(form) {
  if (!form.querySelector("input[name=status]:checked")) (firstOfValue(form) ?? statuses(form)[0]).focus({ preventScroll: true });
}

on("evidence-added", ({ form }) => toAnswer(form));

space.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-find]")) return;
  event.preventDefault();
  event.target.blur(); // what is typed next is for what is found
  event.target.closest("form").querySelector("[data-find-button]").click();
});

document.addEventListener("htmx:load", (event) => {
  const form = event.detail.elt.matches?.("[data-feature-form]") && event.detail.elt;
  if (form) formIsHere(form);
});

registerKey("n", word("next-open"), () => step(1));
registerKey("p", word("previous-open"), () => step(-1));
registerKey("m", word("first-missing"), () => space.querySelector("#missing a").click(), { when: () => space.querySelector("#missing a") });
registerKey(["1", "2", "3", "4", "5"], word("status"), (key) => statuses(currentForm())[key - 1].click(), {
  when: (key) => currentForm() && statuses(currentForm())[key - 1],
});
registerKey("v", word("to-value"), () => firstOfValue(currentForm()).focus(), { when: () => currentForm() && firstOfValue(currentForm()) });

// A link to a feature of this patient opens it here, without drawing the page anew.
space.addEventListener("click", (event) => {
  const link = event.target.closest("#missing a[href]");
  const slug = link && new URL(link.href).hash.replace("#feature-", "");
  if (!slug || new URL(link.href).searchParams.get("patient") !== space.dataset.patient) return;
  event.preventDefault();
  link.closest("details").open = false;
  document.getElementById(`feature-${slug}`)?.closest("details")?.setAttribute("open", "");
  openFeature(slug);
});

on("go-to", ({ slug }) => goTo(slug));

pointInto(currentForm, findFeature);
registerKey("e", word("use-words"), use, { when: held });
registerKey("Escape", word("forget-words"), drop, { when: held, where: "anywhere" });

export function start() {
  for (const element of space.querySelectorAll("[data-needs-no-script]")) element.hidden = true;
  const atStart = space.querySelector("[data-feature-form]");
  if (atStart) formIsHere(atStart);
}
