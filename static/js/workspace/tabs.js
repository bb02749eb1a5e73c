// Where the window is too narrow for both panes, one of them is shown.
import { space } from "./hub.js";

export function showTab(name) {
  space.dataset.showing = name;
  for (const tab of space.querySelectorAll("[data-tab]")) tab.toggleAttribute("aria-current", tab.dataset.tab === name);
}

space.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (tab) {
    event.preventDefault();
    showTab(tab.dataset.tab);
  } else if (event.target.closest(".answer-quote a")) showTab("text");
});

const atFeature = space.querySelector("[data-feature-form]") || /^#(feature|group)/.test(location.hash);
showTab(atFeature ? "features" : "text");
