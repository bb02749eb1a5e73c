// The rows of a series: typed in one line, kept by Enter, with the selected words as their proof.
import { draw, wordsOf } from "./drawing.js";
import { addEvidence } from "./evidence.js";
import { isShown, on, space, word } from "./hub.js";
import { keysWaitFor, registerKey } from "./keys.js";
import * as outbox from "./outbox.js";
import { allSent, pump, showKept } from "./saving.js";
import { drop, held } from "./selection.js";
import { post } from "./sending.js";
import { showTab } from "./tabs.js";
import { say, sayNow } from "./telling.js";

// --- a new row: kept in this browser while it is typed; sent in turn with all other changes, while the next is typed -------------

const formOf = (row) => space.querySelector(`[data-series-new][data-kept-as="${CSS.escape(row)}"]`);
const draftOf = (form) => `row ${form.dataset.keptAs}`;
const fieldsOf = (form) => [...form.querySelectorAll("input:not([type=hidden], [type=checkbox]), select")];
const isTyped = (form) => fieldsOf(form).some((field) => field.value.trim());
const wordsIn = (field) => field.selectedOptions?.[0]?.textContent.trim() ?? field.value.trim();

function entryOf(form, more = {}) {
  const boxes = [...form.querySelectorAll("[data-quotes] input:checked")];
  return {
    id: draftOf(form),
    row: form.dataset.keptAs,
    place: "",
    kind: "row",
    url: form.getAttribute("action"),
    fields: [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"),
    evidence: boxes.map((box) => ({ name: box.name, value: box.value, words: box.closest("label").querySelector("q").textContent })),
    label: form.dataset.label,
    said: fieldsOf(form).filter((field) => field.value).map(wordsIn).join(", "),
    at: performance.timeOrigin + performance.now(),
    state: "draft",
    why: "",
    ...more,
  };
}

function keepDraft(form) {
  if (isTyped(form)) outbox.put(entryOf(form));
  else outbox.forget(draftOf(form));
  showKept();
}

function fill(form, entry) {
  for (const field of fieldsOf(form)) field.value = entry.fields.find(([name]) => name === field.name)?.[1] ?? "";
  form.querySelector("[data-quotes]").replaceChildren();
  for (const proof of entry.evidence) addEvidence(form, proof, { silently: true });
}

function clear(form) {
  form.reset();
  form.querySelector("[data-quotes]").replaceChildren();
  form.querySelector("[data-notice]").replaceChildren();
}

// Words selected before or while a row is typed prove it.
function takeHeld(form) {
  const quote = held();
  if (!quote) return;
  const { section, start, exact, name, value, words } = quote;
  const proof = name ? { name, value, words } : { value: `${section}:${start}:${exact}`, words: exact };
  addEvidence(form, proof, { silently: true });
  drop();
}

const nameless = () => [...crypto.getRandomValues(new Uint32Array(4))].join("-");

// Under a key of its own, so that the server writes it down once, however often it has to be sent.
function send(form) {
  takeHeld(form);
  const key = nameless();
  const entry = entryOf(form, { id: `row ${key}`, state: "waiting" });
  entry.fields.push(["key", key]);
  outbox.put(entry);
  outbox.forget(draftOf(form));
  clear(form);
  fieldsOf(form)[0].focus({ preventScroll: true });
  pump();
}

on("saved", ({ kind }) => kind === "row" && say(word("rows-kept")));

// Back into its form, where it can be mended; into the list of what is kept here, where the next row is being typed already.
on("refused", ({ entry, html }) => {
  const form = entry.kind === "row" && entry.state === "refused" && formOf(entry.row);
  if (!form || isTyped(form)) return;
  takeBack(form, entry);
  const notice = new DOMParser().parseFromString(html, "text/html").querySelector(".notice");
  if (notice) form.querySelector("[data-notice]").replaceChildren(document.adoptNode(notice));
});

function takeBack(form, entry) {
  fill(form, entry);
  outbox.forget(entry.id);
  keepDraft(form);
  fieldsOf(form)[0].focus({ preventScroll: true });
}

on("row-asked", ({ entry }) => {
  const form = formOf(entry.row);
  const [patient, series] = entry.row.split("/");
  if (!form) return location.assign(`${location.pathname}?patient=${patient}#series-${series}`);
  if (entry.id === draftOf(form)) return fieldsOf(form)[0].focus();
  if (isTyped(form)) outbox.put(entryOf(form, { id: `row ${nameless()}`, state: "refused" }));
  takeBack(form, entry);
});

on("row-forgotten", ({ id }) => {
  const form = [...space.querySelectorAll("[data-series-new]")].find((each) => draftOf(each) === id);
  if (form) clear(form);
});

on("kept-known", () => {
  for (const form of space.querySelectorAll("[data-series-new]")) {
    const entry = outbox.find(draftOf(form));
    if (entry) fill(form, entry);
  }
});

space.addEventListener("input", (event) => {
  const form = event.target.closest("[data-series-new]");
  if (form) keepDraft(form);
});

space.addEventListener("focusin", (event) => {
  const form = event.target.closest("[data-series-new]");
  if (!form || !held()) return;
  takeHeld(form);
  keepDraft(form);
});

// --- a row copied, moved, removed ----------------------------------------------------------------------------------------------

let acting = false;

function complain(words) {
  sayNow(words);
  const notice = document.createElement("p");
  notice.className = "notice notice--danger";
  notice.textContent = words;
  document.getElementById("refusals").replaceChildren(notice);
}

async function act(form, button) {
  await allSent();
  const fields = [...new FormData(form)];
  if (button?.name) fields.push([button.name, button.value]);
  const answer = await post(button?.getAttribute("formaction") ?? form.getAttribute("action"), fields);
  if (answer.outcome !== "kept") return complain(answer.html ? wordsOf(answer.html) : word("not-kept"));
  document.getElementById("refusals").replaceChildren();
  draw(answer.html, fields);
  say(word("rows-kept"));
}

space.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-series-act]")) return;
  event.preventDefault();
  if ("seriesNew" in event.target.dataset) return send(event.target);
  if (acting) return; // once, however often it is pressed
  acting = true;
  keysWaitFor(act(event.target, event.submitter).finally(() => (acting = false)));
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
