// The rows of a series: typed in one line, kept by Enter, with the selected words as their proof.
import { draw, wordsOf } from "./drawing.js";
import { addEvidence } from "./evidence.js";
import { isShown, space, word } from "./hub.js";
import { registerKey } from "./keys.js";
import { allSent } from "./saving.js";
import { drop, held } from "./selection.js";
import { post } from "./sending.js";
import { showTab } from "./tabs.js";
import { say, sayNow } from "./telling.js";

let sending = false;

const fieldsOf = (form) => [...form.querySelectorAll("input:not([type=hidden], [type=checkbox]), select")];

// Words selected before or while a row is typed prove it.
function takeHeld(form) {
  const quote = held();
  if (!quote) return;
  addEvidence(form, { value: `${quote.section}:${quote.start}:${quote.exact}`, words: quote.exact }, { silently: true });
  drop();
}

function complain(words) {
  sayNow(words);
  const notice = document.createElement("p");
  notice.className = "notice notice--danger";
  notice.textContent = words;
  document.getElementById("refusals").replaceChildren(notice);
}

async function send(form, button) {
  if ("seriesNew" in form.dataset) takeHeld(form);
  await allSent();
  const fields = [...new FormData(form)];
  if (button?.name) fields.push([button.name, button.value]);
  const answer = await post(button?.getAttribute("formaction") ?? form.getAttribute("action"), fields);
  if (answer.outcome !== "kept") return complain(answer.html ? wordsOf(answer.html) : word("not-kept"));
  document.getElementById("refusals").replaceChildren();
  draw(answer.html, fields);
  if ("seriesNew" in form.dataset) {
    form.reset();
    form.querySelector("[data-quotes]").replaceChildren();
    fieldsOf(form)[0].focus({ preventScroll: true });
  }
  say(word("rows-kept"));
}

space.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-series-act]")) return;
  event.preventDefault();
  if (sending) return; // a row is kept once, however often Enter is pressed
  sending = true;
  send(event.target, event.submitter).finally(() => (sending = false));
});

space.addEventListener("focusin", (event) => {
  const form = event.target.closest("[data-series-new]");
  if (form) takeHeld(form);
});

// The series of the group in which one is, else the next one down the page.
function nearest() {
  const forms = [...space.querySelectorAll("[data-series-new]")].filter(isShown);
  const group = document.activeElement?.closest(".group");
  return forms.find((form) => group?.contains(form)) ?? forms[0];
}

registerKey(
  "a",
  word("add-row"),
  () => {
    const form = nearest();
    showTab("features");
    form.scrollIntoView({ block: "nearest" });
    fieldsOf(form)[0].focus({ preventScroll: true });
  },
  { when: nearest },
);

registerKey("c", word("copy-row"), () => [...document.activeElement.closest(".series").querySelectorAll("[data-copy-row]")].at(-1)?.click(), {
  within: ".series",
});
