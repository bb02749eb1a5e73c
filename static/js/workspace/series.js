// The rows of a series: typed in one line, kept by Enter, with the selected words as their proof.
import { addEvidence } from "./evidence.js";
import { handleFor } from "./handles.js";
import { isShown, on, space, word } from "./hub.js";
import { keysWaitFor, registerKey } from "./keys.js";
import * as outbox from "./outbox.js";
import { rowAt, seriesOf } from "./rows.js";
import { pump, queue, showKept } from "./saving.js";
import { drop, held } from "./selection.js";
import { showTab } from "./tabs.js";
import { say } from "./telling.js";

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
    cells: Object.fromEntries(fieldsOf(form).map((field) => [field.name.replace(/^value-/, ""), field.value && wordsIn(field)])),
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
  const key = form.dataset.key ?? nameless(); // what came back keeps its name: others may be about it already
  delete form.dataset.key;
  const entry = entryOf(form, { id: `row ${key}`, makes: handleFor(key), state: "waiting" });
  entry.fields.push(["key", key]);
  outbox.put(entry);
  outbox.forget(draftOf(form));
  clear(form);
  fieldsOf(form)[0].focus({ preventScroll: true });
  pump();
}

on("saved", ({ kind }) => (kind === "row" || kind in DOES) && say(word("rows-kept")));

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
  if (entry.makes) form.dataset.key = entry.makes.slice(handleFor("").length);
  outbox.forget(entry.id);
  keepDraft(form);
  fieldsOf(form)[0].focus({ preventScroll: true });
}

on("row-asked", ({ entry }) => {
  const form = formOf(entry.row);
  const [patient, series] = entry.row.split("/");
  if (!form) return location.assign(`${location.pathname}?patient=${patient}#series-${series}`);
  if (entry.kind !== "row") return form.closest(".series").scrollIntoView({ block: "nearest" });
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

// --- a row copied, moved, removed: a change like any other, in turn with the rest ------------------------------------------------

const DOES = { copy: "[data-copy-row]", move: "[data-move-row]", "remove-row": "[data-remove-row]" };

function act(form, button) {
  const [kind] = Object.entries(DOES).find(([, selector]) => button.matches(selector));
  const row = form.closest("tr");
  const { on: handle, version } = rowAt(row);
  const key = nameless();
  const up = kind === "move" && button.name === "up";
  sealAnswers(row, key);
  return queue({
    id: `${kind} ${key}`,
    row: seriesOf(row),
    on: handle,
    makes: kind === "copy" ? handleFor(key) : undefined,
    up,
    place: "",
    kind,
    url: (button.getAttribute("formaction") ?? form.getAttribute("action")).replace(/\d+(?=\/\w+\/$)/, "{row}"),
    fields: [["patient", space.dataset.patient], ["version", version], ...(up ? [["up", "1"]] : []), ["key", key]],
    label: row.closest(".series").querySelector(".series-label").textContent,
    said: word(`did-${kind}`, { words: row.dataset.words || word("waits") }),
  });
}

// What was said of the row's cells before is sent as it was; what is said after comes after.
function sealAnswers(row, key) {
  const slugs = [...row.querySelectorAll("[data-cell]")].map((cell) => cell.dataset.cell);
  const places = slugs.map((slug) => `${space.dataset.patient}/${slug}/${row.dataset.seriesRow}`);
  outbox.rewrite((entry) => (entry.state === "waiting" && places.includes(entry.id) ? { ...entry, id: `${entry.id} ${key}` } : entry));
}

space.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-series-act]")) return;
  event.preventDefault();
  if ("seriesNew" in event.target.dataset) return send(event.target);
  keysWaitFor(act(event.target, event.submitter ?? event.target.querySelector("[data-copy-row]")));
});

// The row is another one by now: what was meant is done to that.
on("anyway", ({ entry }) => {
  if (!entry?.row) return;
  const row = space.querySelector(`#series-${CSS.escape(entry.row.split("/")[1])}-rows [data-series-row="${CSS.escape(entry.on)}"]`);
  if (!row) return;
  const fields = entry.fields.map(([name, said]) => [name, name === "version" ? rowAt(row).version : said]);
  outbox.put({ ...entry, fields, state: "waiting", why: "" });
  pump();
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
