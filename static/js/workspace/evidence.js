// Evidence that a form holds and has not sent yet: a line each, with a box that can be unticked again.
import { emit } from "./hub.js";
import { showTab } from "./tabs.js";

export function addEvidence(form, { value, words, name = "quote" }, { silently = false } = {}) {
  const known = [...form.querySelectorAll(`input[name=${name}]`)].find((input) => input.value === value);
  let line = known?.closest("li, label");
  if (known) known.checked = true;
  else {
    line = form.querySelector("[data-quote-template]").content.cloneNode(true).firstElementChild;
    line.querySelector("input").name = name;
    line.querySelector("input").value = value;
    line.querySelector("q").textContent = words;
    form.querySelector("[data-quotes]").append(line);
  }
  if (silently) return;
  showTab("features");
  emit("form-changed", { form, target: line.querySelector("input") });
  emit("evidence-added", { form, line });
}
