// A field that a refusal names says so itself: it is invalid, and described by the fault. Wherever a refusal is shown beside or
// within the form it is about, on every page.
"use strict";

let faults = 0;
let sent = null;
document.addEventListener("submit", (event) => (sent = event.target), true);

const said = (field) => field.getAttribute("aria-label") ?? field.labels?.[0]?.textContent ?? "";
const words = (text) => text.replace(/\s+/g, " ").trim().toLowerCase();

// By its name, by what its name begins with ("region" for "region-x"), or by its label.
function named(form, where) {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((field) => !field.disabled);
  const ways = [
    (field) => field.name === where,
    (field) => field.name.startsWith(`${where}-`),
    (field) => words(said(field)) === words(where),
    (field) => where === "value" && field.closest("fieldset.value"),
    (field) => where === "quote" && field.name === "find",
  ];
  for (const way of ways) {
    const found = fields.filter(way);
    if (found.length) return found;
  }
  return [];
}

function pointOut(fault) {
  const form = formOf(fault);
  if (!form) return;
  fault.id ||= `fault-${++faults}`;
  for (const field of named(form, fault.dataset.fault)) {
    field.setAttribute("aria-invalid", "true");
    const before = field.getAttribute("aria-describedby") ?? "";
    if (!before.split(" ").includes(fault.id)) field.setAttribute("aria-describedby", `${before} ${fault.id}`.trim());
  }
}

// The one it stands in; else the one that was sent last, or the only one that has such a field.
function formOf(fault) {
  if (fault.closest("form")) return fault.closest("form");
  const able = [...document.querySelectorAll("main form[method=post]")].filter((form) => named(form, fault.dataset.fault).length);
  return able.includes(sent) || able.length !== 1 ? able.find((form) => form === sent) : able[0];
}

function settle(form) {
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    const left = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => document.getElementById(id)?.dataset.fault === undefined);
    field.removeAttribute("aria-invalid");
    if (left.join("")) field.setAttribute("aria-describedby", left.join(" "));
    else field.removeAttribute("aria-describedby");
  }
}

const within = (root) => (root.querySelectorAll ? [...root.querySelectorAll("[data-fault]")] : []);

// Refusals come and go by many ways; all of them change the page.
new MutationObserver((changes) => {
  for (const { removedNodes, target } of changes)
    if ([...removedNodes].some((node) => within(node).length)) settle(target.closest?.("form") ?? document.body);
  for (const { addedNodes } of changes)
    for (const node of addedNodes) for (const fault of within(node)) pointOut(fault);
}).observe(document.body, { childList: true, subtree: true });

within(document).forEach(pointOut);
