// One feature's form is open at a time, besides those in which something was changed and is not saved.
import { emit, isShown, on, space, word } from "./hub.js";
import { registerKey, whenSettled } from "./keys.js";
import { endSearch } from "./search.js";
import { showTab } from "./tabs.js";

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

function opened(form) {
  for (const other of space.querySelectorAll("[data-feature-form]:not([data-dirty])")) if (other !== form) closeForm(other);
  current = form;
  for (const hint of form.querySelectorAll("[data-needs-script]")) hint.hidden = false;
  matchStatus(form);
  showTab("features");
  form.querySelector("[role=alert], input[name=status]:checked")?.focus({ preventScroll: true });
  form.closest(".feature")?.scrollIntoView({ block: "nearest" });
  emit("form-opened", { form });
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
  } else if (hit("[data-close]")) {
    event.preventDefault();
    const row = hit(".feature");
    closeForm(hit("[data-feature-form]"));
    row.querySelector(".feature-name").focus({ preventScroll: true });
  }
});

document.addEventListener("click", (event) => {
  for (const menu of space.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

space.addEventListener("input", (event) => {
  const form = event.target.closest("[data-feature-form]");
  if (!form) return;
  current = form;
  emit("form-changed", { form, target: event.target });
});

on("form-changed", ({ form, target }) => {
  form.dataset.dirty = "";
  if (target.name === "value" && target.matches("[type=radio]:checked, [type=checkbox]:checked"))
    form.querySelector("input[name=status][value=present]:not(:disabled)").checked ||= !form.querySelector("[value=indeterminate]:checked");
  if (target.name === "status") matchStatus(form);
});

on("evidence-added", ({ form }) => form.querySelector("[data-save]").focus({ preventScroll: true }));

space.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-find]")) return;
  event.preventDefault();
  event.target.closest("form").querySelector("[data-find-button]").click();
});

document.addEventListener("htmx:load", (event) => {
  const form = event.detail.elt.matches?.("[data-feature-form]") && event.detail.elt;
  if (form) opened(form);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("[data-feature-form]");
  if (form && event.detail.successful && event.detail.requestConfig.verb === "post" && !form.isConnected) {
    current = null;
    endSearch();
    document.querySelector(`#feature-${slugOf(form)} .feature-name`)?.focus({ preventScroll: true });
    emit("saved", { slug: slugOf(form), form: null });
  }
  emit("drawn", { elements: [] });
});

window.addEventListener("beforeunload", (event) => {
  if (space.querySelector("[data-feature-form][data-dirty]")) event.preventDefault();
});

const statuses = (form) => form.querySelectorAll("input[name=status]");

registerKey("n", word("next-open"), () => step(1));
registerKey("p", word("previous-open"), () => step(-1));
registerKey(["1", "2", "3", "4", "5"], word("status"), (key) => statuses(currentForm())[key - 1].click(), {
  when: (key) => currentForm() && statuses(currentForm())[key - 1],
});
registerKey("s", word("save"), () => currentForm().querySelector("[data-save]").click(), { when: currentForm });
registerKey("Escape", word("close"), () => closeForm(currentForm()), { when: () => currentForm() && !("dirty" in currentForm().dataset) });

export function start() {
  for (const element of space.querySelectorAll("[data-needs-no-script]")) element.hidden = true;
  const atStart = space.querySelector("[data-feature-form]");
  if (atStart) opened(atStart);
}
