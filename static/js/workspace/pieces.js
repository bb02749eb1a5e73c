// What is said of a piece of evidence that is kept (whose words, whether it speaks against the answer, which panel) is sent as soon
// as it is changed; and a place that was typed by its numbers becomes evidence by its button.
import { addEvidence } from "./evidence.js";
import { on, space, word } from "./hub.js";

space.addEventListener("change", (event) => {
  const field = event.target.closest("[data-piece-field]");
  const keep = field?.closest("[data-piece]").querySelector("[data-saves=piece]");
  if (keep) field.form.requestSubmit(keep);
});

on("form-opened", ({ form }) => {
  for (const button of form.querySelectorAll("[data-saves=piece]")) button.hidden = true;
});
on("drawn", () => {
  for (const button of space.querySelectorAll("[data-saves=piece]")) button.hidden = true;
});

const typed = (form, name) => form.elements[name]?.value.trim() ?? "";
const chosen = (form, name) => form.elements[name]?.selectedOptions[0]?.textContent.trim() ?? "";

// The figure and its numbers, then the table and its; what was taken is cleared.
function add(form) {
  const [figure, section] = [typed(form, "region-figure"), typed(form, "cell-section")];
  if (figure) {
    const panel = typed(form, "region-panel");
    const sides = ["x", "y", "w", "h"].map((side) => typed(form, `region-${side}`).replace(",", "."));
    const words = panel ? word("on-panel", { figure: chosen(form, "region-figure"), panel }) : chosen(form, "region-figure");
    addEvidence(form, { name: "region", value: `${figure}:${sides}:${panel}`, words });
  }
  if (section) {
    const [row, column] = [typed(form, "cell-row"), typed(form, "cell-column")];
    const words = [chosen(form, "cell-section"), row, column].filter(Boolean).join(", ");
    addEvidence(form, { name: "cell", value: `${section}:${row}:${column}:`, words });
  }
  for (const field of form.querySelectorAll("[data-typed-place] [name]")) field.value = "";
}

space.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-typed]");
  if (button) add(button.closest("form"));
});
