// "Not reported in what I read" for the rest of the group in which one is, by one key.
import { isShown, space, word } from "./hub.js";
import { registerKey } from "./keys.js";

function button() {
  const group = document.activeElement?.closest?.(".group");
  return group?.querySelector("[data-rest]") ?? null;
}

const firstOf = (group) => [...group.querySelectorAll("a.feature-name")].find(isShown);

// To the group after the one in which one is, so that group after group can be marked.
registerKey("g", word("next-group"), () => {
  const groups = [...space.querySelectorAll(".group")].filter(isShown);
  const here = groups.indexOf(document.activeElement?.closest?.(".group"));
  const next = groups[(here + 1) % groups.length];
  if (next) firstOf(next)?.focus();
});
registerKey("r", word("rest"), () => button().click(), { when: button });
