// What a form holds, in the shape in which it waits to be sent (outbox.js), and back into a form again.
import { addEvidence } from "./evidence.js";
import { emit, word } from "./hub.js";

const NOT_SENT = ["csrfmiddlewaretoken", "find"];
export const OF_A_PIECE = /^(role|contradicts|panel)-\d+$/; // of evidence that is kept: changed by itself (pieces.js)
const TYPED_PLACE = /^(region|cell)-/; // becomes evidence by its own button (pieces.js)

export const isText = (control) => control.matches("textarea, input:not([type=radio], [type=checkbox])");

function hasValue(form) {
  const controls = [...(form.querySelector("fieldset.value")?.querySelectorAll("[name]") ?? [])];
  return controls.some((each) => (each.matches("[type=radio], [type=checkbox]") ? each.checked : each.value.trim()));
}

// What has to be said before the answer means anything; empty where it is whole.
export function lacking(form) {
  const status = form.querySelector("input[name=status]:checked")?.value;
  if (!status) return word("lacks-status");
  return status === "present" && "needsValue" in form.dataset && !hasValue(form) ? word("lacks-value") : "";
}

export function entryOf(form) {
  const lines = [...form.querySelectorAll("[data-quotes] > :not([data-piece]) input[type=checkbox][name]:checked")];
  return {
    id: form.dataset.place,
    place: form.dataset.place,
    kind: "answer",
    url: form.getAttribute("action"),
    fields: [...new FormData(form)].filter(([name]) => !NOT_SENT.includes(name) && !OF_A_PIECE.test(name) && !TYPED_PLACE.test(name)),
    evidence: lines.map((box) => ({ name: box.name, value: box.value, words: box.closest("label").querySelector("q")?.textContent ?? "" })),
    label: form.dataset.label,
    said: said(form),
    at: performance.timeOrigin + performance.now(),
    state: "conflict" in form.dataset ? "stale" : lacking(form) ? "draft" : "waiting",
    why: lacking(form),
  };
}

// The answer in words, for a person who looks for it where there is no form to show it in.
function said(form) {
  const label = (control) => {
    const words = control.closest("label")?.cloneNode(true);
    for (const key of words?.querySelectorAll("kbd") ?? []) key.remove();
    return (words?.textContent ?? "").replace(/\s+/g, " ").trim();
  };
  const chosen = [...form.querySelectorAll(".statuses input:checked, fieldset.value:enabled input:checked")].map(label);
  const typed = [...form.querySelectorAll("fieldset.value:enabled select, fieldset.value:enabled input, textarea, input.value-line")]
    .filter((control) => control.name !== "find" && !control.matches("[type=radio], [type=checkbox], [type=hidden], :disabled") && control.value.trim())
    .map((control) => control.selectedOptions?.[0]?.textContent.trim() ?? control.value.trim());
  return [...chosen, ...typed].join(", ");
}

// Puts back into a form what was typed in it before and is not kept by the server.
export function fill(form, entry) {
  const left = entry.fields.map(([name, value]) => ({ name, value }));
  for (const control of form.querySelectorAll("[name]")) {
    if (NOT_SENT.includes(control.name) || control.closest("[data-quotes]")) continue;
    const at = left.findIndex(({ name, value }) => name === control.name && (!control.matches("[type=radio], [type=checkbox]") || value === control.value));
    if (control.matches("[type=radio], [type=checkbox]")) control.checked = at >= 0;
    else if (at >= 0) control.value = left[at].value;
    if (at >= 0) left.splice(at, 1);
  }
  form.dataset.dirty = "";
  emit("form-filled", { form });
  for (const proof of entry.evidence ?? []) addEvidence(form, proof, { silently: true });
}
