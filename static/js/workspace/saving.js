// Each change saves itself. It is written down in this browser at once (outbox.js), sent as soon as it is whole, and forgotten
// here when the server says that it is kept. What cannot be sent waits, and is sent in the order in which it was made.
import { addEvidence } from "./evidence.js";
import { draw, drawForm, wordsOf } from "./drawing.js";
import { closeForm, currentForm, openFeature, slugOf } from "./forms.js";
import { emit, on, space, word } from "./hub.js";
import { registerKey } from "./keys.js";
import * as outbox from "./outbox.js";
import { post } from "./sending.js";
import { sayNow, showSaving, tell } from "./telling.js";

const AT_ONCE = 0;
const SOON = 120; // ms: a choice may be changed by the next arrow key
const PAUSE = 900; // ms without a key, where text is typed
const WAITS = [2, 4, 8, 15, 30, 60]; // s until what could not be sent is tried again
const NOT_SENT = ["csrfmiddlewaretoken", "find"];
const OF_A_PIECE = /^(role|contradicts|panel)-\d+$/; // of evidence that is kept: changed by itself (pieces.js)
const TYPED_PLACE = /^(region|cell)-/; // becomes evidence by its own button (pieces.js)

const timers = new Map(); // by entry: sent when it rings
let running = null;
let failures = 0;
let nextTry = 0;

// --- what a form holds -----------------------------------------------------------------------------------------------

const isText = (control) => control.matches("textarea, input:not([type=radio], [type=checkbox])");

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

function entryOf(form) {
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
function fill(form, entry) {
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

// --- keeping and sending ---------------------------------------------------------------------------------------------

function later(entry, delay) {
  clearTimeout(timers.get(entry.id));
  timers.set(entry.id, setTimeout(() => send(entry.id), delay));
}

function send(id) {
  clearTimeout(timers.get(id));
  timers.delete(id);
  return pump();
}

on("form-changed", ({ form, target }) => {
  const entry = entryOf(form);
  outbox.put(entry);
  told(form, entry);
  if (entry.state === "waiting") later(entry, target?.closest("[data-quotes]") ? AT_ONCE : target && isText(target) ? PAUSE : SOON);
  else clearTimeout(timers.get(entry.id));
});

// Leaving a field is a pause.
space.addEventListener("change", (event) => {
  const form = event.target.closest("[data-feature-form]");
  if (form && isText(event.target) && timers.has(form.dataset.place)) send(form.dataset.place);
});

export function saveAndClose(form) {
  const entry = outbox.find(form.dataset.place);
  if (!("dirty" in form.dataset) || !entry) return closeForm(form);
  delete form.dataset.conflict; // the person has compared, and keeps what stands in the form
  outbox.put(entryOf(form));
  const lacks = lacking(form);
  told(form, outbox.find(form.dataset.place));
  if (lacks) return sayNow(`${form.dataset.label}: ${lacks}`);
  form.dataset.closing = "";
  return send(form.dataset.place);
}

// Sends what waits, one after the other. Resolves when all is sent or nothing more can be.
export function pump(options = {}) {
  running ??= run(options).finally(() => {
    running = null;
    show();
    if (!outbox.entries().some(isReady)) return;
    if (!failures) pump();
  });
  return running;
}

const isReady = (entry) => entry.state === "waiting" && !timers.has(entry.id);

async function run({ leaving = false } = {}) {
  for (let entry; (entry = outbox.entries().find(isReady)); ) {
    show("saving");
    const answer = await post(entry.url, entry.fields, { leaving });
    if (answer.outcome === "unreachable" || answer.outcome === "signed-out") return wait(answer);
    failures = 0;
    if (answer.outcome === "kept") kept(entry, answer.html);
    else refused(entry, answer);
  }
}

function wait({ outcome }) {
  const seconds = WAITS[Math.min(failures++, WAITS.length - 1)];
  nextTry = setTimeout(pump, seconds * 1000);
  space.dataset.cut = outcome;
  show();
}

function kept(entry, html) {
  delete space.dataset.cut;
  const newer = outbox.find(entry.id);
  const isNewest = !newer || newer.at === entry.at;
  if (isNewest) outbox.forget(entry.id);
  draw(html, entry.fields);
  const version = new DOMParser().parseFromString(html, "text/html").querySelector("[data-feature-form] [name=version]")?.value;
  for (const other of outbox.entries()) if (entry.place && other.place === entry.place) renew(other, entry, version);
  const form = formAt(entry.place);
  if (form && entry.kind === "remove") putAway(form);
  else if (form && entry.kind === "answer" && isNewest) settle(form);
  if (isNewest) emit("saved", { slug: entry.place.split("/")[1] ?? "", form, kind: entry.kind });
}

const formAt = (place) => place && document.querySelector(`[data-feature-form][data-place="${CSS.escape(place)}"]`);

// What was changed while its earlier state was on the way now stands on that.
function renew(entry, sent, version) {
  const wasSent = ([name, value]) => entry.evidence?.some((e) => e.name === name && e.value === value) && sent.fields.some(([n, v]) => n === name && v === value);
  const fields = entry.fields.filter((field) => !wasSent(field));
  const evidence = (entry.evidence ?? []).filter((e) => !sent.fields.some(([n, v]) => n === e.name && v === e.value));
  outbox.put({ ...entry, evidence, fields: fields.map(([name, value]) => [name, name === "version" && version !== undefined ? version : value]) });
}

function settle(form) {
  delete form.dataset.dirty;
  delete form.dataset.refused;
  form.querySelector("[data-notice]").replaceChildren();
  form.querySelector("[data-forget]").hidden = true;
  tell(form, word("saved"));
  if ("closing" in form.dataset) putAway(form);
}

function putAway(form) {
  const row = form.closest(".feature");
  const hadFocus = form.contains(document.activeElement) || document.activeElement === document.body;
  closeForm(form);
  if (hadFocus) row.querySelector(".feature-name")?.focus({ preventScroll: true });
}

function refused(entry, { outcome, html }) {
  const why = wordsOf(html);
  const newer = outbox.find(entry.id) ?? entry;
  if (outcome !== "stale" && newer.at !== entry.at) return; // it was mended meanwhile
  outbox.put({ ...newer, state: outcome, why });
  const open = formAt(entry.place);
  if (open) delete open.dataset.closing;
  if (outcome === "stale" && (open || entry.kind !== "answer")) compare(html);
  else if (open && outcome === "refused") showRefusal(open, html);
  sayNow(`${entry.label}: ${outcome === "stale" ? word("stale") : why}`);
  emit("refused", { entry: outbox.find(entry.id) ?? newer, html });
}

// The server's answer to a change that met another one: the form with both.
function compare(html) {
  const form = drawForm(html);
  if (form) emit("conflict", { form });
}

function showRefusal(form, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-notice]");
  if (!fresh) return;
  for (const alert of fresh.querySelectorAll("[role=alert]")) alert.removeAttribute("role"); // it is said once, by sayNow
  form.querySelector("[data-notice]").replaceChildren(...document.adoptNode(fresh).childNodes);
  form.dataset.refused = "";
  tell(form, word("not-saved", { why: word("see-above") }));
}

// --- what else is kept by the server: an answer or a piece of evidence removed, a group marked ------------------------------------

space.addEventListener("submit", (event) => {
  const button = event.submitter;
  const kind = button?.dataset.saves ?? event.target.dataset.saves;
  if (!kind && !event.target.matches("[data-feature-form]")) return;
  if (kind === "undo" || kind === "redo") return; // undoing.js
  event.preventDefault();
  if (!kind) saveAndClose(event.target);
  else act(kind, event.target, button);
});

function act(kind, form, button) {
  const place = form.dataset.place ?? "";
  const url = button?.getAttribute("formaction") ?? form.getAttribute("action");
  const fields = [...new FormData(form)].filter(([name]) => ["patient", "group", "instance", "version"].includes(name) || OF_A_PIECE.test(name));
  const label = form.dataset.label ?? "";
  const pending = outbox.find(place);
  if (kind === "remove") {
    outbox.forget(place);
    clearTimeout(timers.get(place));
    timers.delete(place);
  } else if (pending?.state === "waiting") send(place);
  outbox.put({ id: `${kind} ${url}`, place, kind, url, fields, label, said: word(`did-${kind}`), at: performance.timeOrigin + performance.now(), state: "waiting", why: "" });
  if (kind === "remove") form.dataset.closing = "";
  pump();
}

// --- what is told ----------------------------------------------------------------------------------------------------

function told(form, entry) {
  form.querySelector("[data-forget]").hidden = entry.state === "waiting";
  tell(form, entry.state === "draft" ? word("not-saved", { why: entry.why }) : entry.state === "waiting" ? word("saving") : "");
  show();
}

function show(now = "") {
  showSaving(outbox.entries(), { now, cut: space.dataset.cut ?? "", keepsNothing: outbox.keepsNothing(), isReady });
}

export const showKept = () => show();

export function tryAgain() {
  clearTimeout(nextTry);
  failures = 0;
  for (const entry of outbox.entries()) if (["closed", "locked"].includes(entry.state)) outbox.put({ ...entry, state: "waiting" });
  return pump();
}

export async function compareAgain(id) {
  const entry = outbox.find(id);
  const answer = await post(entry.url, entry.fields);
  if (answer.outcome === "stale") compare(answer.html);
  else if (answer.outcome === "kept") kept(entry, answer.html);
  show();
}

export function forgetTyped(id) {
  clearTimeout(timers.get(id));
  timers.delete(id);
  outbox.forget(id);
  emit("row-forgotten", { id });
  show();
}

// Nothing is on its way any more, or nothing can be sent now.
export async function allSent() {
  for (const id of [...timers.keys()]) send(id);
  await pump();
  return !outbox.entries().some((entry) => entry.state === "waiting");
}

on("form-opened", ({ form }) => {
  const entry = outbox.find(form.dataset.place);
  if (!entry || "dirty" in form.dataset) return; // it came with what was typed
  fill(form, entry);
  if (entry.state === "refused") tell(form, word("not-saved", { why: entry.why }));
  else told(form, entry);
});

// What is whole is saved on the way out. What is not stays in this browser, and its row says so.
function leave(form) {
  const isWhole = !lacking(form) && !("conflict" in form.dataset) && !("refused" in form.dataset);
  if ("dirty" in form.dataset && isWhole) saveAndClose(form);
  else putAway(form);
}

// Another feature is opened.
on("form-left", ({ form }) => {
  if (!("conflict" in form.dataset)) leave(form);
});

space.addEventListener("click", (event) => {
  const form = event.target.closest("[data-feature-form]");
  if (event.target.closest("[data-close]")) {
    event.preventDefault();
    leave(form);
  } else if (event.target.closest("[data-forget]") || event.target.closest("[data-keep-stored]")) {
    event.preventDefault();
    forgetTyped(form.dataset.place);
    const slug = slugOf(form);
    closeForm(form);
    document.querySelector(`#feature-${CSS.escape(slug)} a.feature-name`)?.click();
  }
});

window.addEventListener("online", tryAgain);
window.addEventListener("focus", () => space.dataset.cut && tryAgain());
document.addEventListener("visibilitychange", () => !document.hidden && space.dataset.cut && tryAgain());
window.addEventListener("pagehide", () => {
  if (!timers.size) return;
  for (const id of [...timers.keys()]) clearTimeout(timers.get(id));
  timers.clear();
  pump({ leaving: true });
});
window.addEventListener("beforeunload", (event) => {
  if (outbox.keepsNothing() && outbox.entries().length) event.preventDefault();
});

space.addEventListener("click", (event) => {
  const { do: doing, id } = event.target.closest("[data-do]")?.dataset ?? {};
  if (doing === "try-now") tryAgain();
  else if (doing === "compare") compareAgain(id);
  else if (doing === "forget") forgetTyped(id);
  else if (doing === "open") openKept(outbox.find(id));
});

function openKept(entry) {
  if (entry.kind === "row") emit("row-asked", { entry });
  else openFeature(entry.place.split("/")[1]);
}

on("drawn", () => show());
on("form-closed", () => show());

registerKey("Escape", word("close"), () => leave(currentForm()), { when: currentForm, where: "anywhere" });
registerKey("s", word("save"), () => saveAndClose(currentForm()), { when: currentForm });

export async function startSaving() {
  await outbox.adopt();
  emit("kept-known");
  if ("mayWrite" in space.dataset) await pump();
  else for (const entry of outbox.entries()) if (entry.state === "waiting" || entry.state === "draft") outbox.put({ ...entry, state: "locked", why: "" });
  show();
}
