// Two changes that met: what is stored can be taken over part by part, or altogether. What stands in the form is kept by saving.
import { emit, on, space } from "./hub.js";

const PARTS = {
  answer: ".statuses, fieldset.value",
  comment: "[name=comment]",
  confidence: "[name=confidence]",
  qualifiers: ".qualifiers",
};

function controls(form, part) {
  const found = [...form.querySelectorAll(PARTS[part])];
  return found.flatMap((each) => (each.matches("[name]") ? [each] : [...each.querySelectorAll("[name]")]));
}

function take(form, part) {
  const stored = form.querySelector("template[data-stored]").content.querySelector("form");
  const theirs = controls(stored, part);
  controls(form, part).forEach((mine, n) => {
    if (mine.matches("[type=radio], [type=checkbox]")) mine.checked = theirs[n]?.checked ?? false;
    else mine.value = theirs[n]?.value ?? "";
  });
  emit("form-changed", { form, target: null });
  emit("form-filled", { form });
}

space.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (!button) return;
  take(button.closest("[data-feature-form]"), button.dataset.take);
  button.closest("tr").dataset.taken = "";
  button.disabled = true;
});

on("conflict", ({ form }) => form.querySelector("[data-conflict-notice]")?.focus());
