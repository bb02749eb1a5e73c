// Undo and redo are acts of the server's, on what it keeps: what is on its way is sent first.
import { draw, wordsOf } from "./drawing.js";
import { closeForm, currentForm, openFeature, slugOf } from "./forms.js";
import { emit, space, word } from "./hub.js";
import { registerKey } from "./keys.js";
import { allSent, takeBackNewest } from "./saving.js";
import { post } from "./sending.js";
import { announce, say } from "./telling.js";

let turning = Promise.resolve();

const formOf = (name) => space.querySelector(`#workspace-undo [data-saves="${name}"]`);

async function turn(name) {
  if (!(await allSent())) {
    const back = name === "undo" && takeBackNewest();
    return back ? say(word("taken-back", { what: `${back.label} ${back.said}` })) : complain(word("undo-waits"));
  }
  const form = formOf(name);
  const what = form?.querySelector("button");
  if (!form || what.disabled) return say(word(`nothing-to-${name}`));
  const label = what.title;
  const answer = await post(form.getAttribute("action"), [...new FormData(form)]);
  if (answer.outcome === "kept") {
    await show(answer.html);
    say(word(`${name}-done`, { what: label }));
  } else complain(answer.html ? wordsOf(answer.html) : word("undo-waits"));
}

// A form that stands open shows what is stored now.
async function show(html) {
  emit("answers-changed", { elements: draw(html) });
  const form = currentForm();
  const changed = form && new DOMParser().parseFromString(html, "text/html").getElementById(`feature-${slugOf(form)}`);
  if (!changed || "dirty" in form.dataset) return;
  const slug = slugOf(form);
  closeForm(form);
  await openFeature(slug);
}

const complain = (words) => announce(words, "danger");

const after = (name) => (turning = turning.then(() => turn(name)));

space.addEventListener("submit", (event) => {
  const name = event.target.dataset.saves;
  if (name !== "undo" && name !== "redo") return;
  event.preventDefault();
  after(name);
});

registerKey("Ctrl+z", word("undo"), () => after("undo"), { when: () => formOf("undo") });
registerKey(["Ctrl+Shift+z", "Ctrl+y"], word("redo"), () => after("redo"), { when: () => formOf("redo") });
