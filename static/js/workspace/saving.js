// Each change saves itself. It is written down in this browser at once (outbox.js), sent as soon as it is whole, and forgotten
// here when the server says that it is kept. What cannot be sent waits, and is sent in the order in which it was made.
import { draw, drawForm, wordsOf } from "./drawing.js";
import { closeForm, currentForm, openFeature, slugOf } from "./forms.js";
import { OF_A_PIECE, entryOf, fill, isText, lacking } from "./holding.js";
import { emit, on, space, word } from "./hub.js";
import { registerKey } from "./keys.js";
import * as outbox from "./outbox.js";
import { isUnmade } from "./handles.js";
import { page, post } from "./sending.js";
import { sayNow, showSaving, tell } from "./telling.js";

const AT_ONCE = 0;
const SOON = 120; // ms: a choice may be changed by the next arrow key
const PAUSE = 900; // ms without a key, where text is typed
const WAITS = [2, 4, 8, 15, 30, 60]; // s until what could not be sent is tried again

const timers = new Map(); // by entry: sent when it rings
let running = null;
let failures = 0;
let nextTry = 0;

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

// What is about a row that the server has not made yet waits for that.
const isReady = (entry) => entry.state === "waiting" && !timers.has(entry.id) && !isUnmade(entry);
const addressOf = (entry) => entry.url.replace("{row}", entry.on);

async function run({ leaving = false } = {}) {
  for (let entry; (entry = outbox.entries().find(isReady)); ) {
    show("saving");
    const answer = await post(addressOf(entry), entry.fields, { leaving });
    if (answer.outcome === "unreachable" || answer.outcome === "signed-out") {
      if (!answer.status && navigator.onLine) outbox.put({ ...entry, tried: true }); // it may have arrived
      return wait(answer);
    }
    failures = 0;
    if (answer.outcome === "kept") kept(entry, answer.html);
    else refused(entry, answer);
  }
  if (space.dataset.cut || "look" in space.dataset) await look();
}

// The page as it is now: for what may have happened though nobody said so, and to know that the site is back.
async function look() {
  const html = await page(`${location.pathname}?patient=${space.dataset.patient}`);
  if (!html) return wait({ outcome: space.dataset.cut || "unreachable" });
  failures = 0;
  delete space.dataset.cut;
  if ("look" in space.dataset) draw(html);
  delete space.dataset.look;
}

export function wait({ outcome }) {
  const seconds = WAITS[Math.min(failures++, WAITS.length - 1)];
  clearTimeout(nextTry);
  nextTry = setTimeout(pump, seconds * 1000);
  space.dataset.cut = outcome;
  for (const form of space.querySelectorAll("[data-feature-form][data-closing]")) putAway(form); // what it said waits, and stands at its row
  show();
}

function kept(entry, html) {
  delete space.dataset.cut;
  const newer = outbox.find(entry.id);
  const isSent = !newer || newer.at === entry.at;
  if (isSent) outbox.forget(entry.id);
  const isNewest = isSent && !(entry.place && outbox.entries().some((other) => other.place === entry.place));
  const answer = new DOMParser().parseFromString(html, "text/html");
  emit("kept", { entry, answer });
  const elements = draw(html, entry.fields);
  if (!entry.place) emit("answers-changed", { elements });
  const version = answer.querySelector("[data-feature-form] [name=version]")?.value;
  for (const other of outbox.entries()) if (entry.place && other.place === entry.place) renew(other, entry, version);
  const form = formAt(entry.place);
  if (form && entry.kind === "remove") putAway(form);
  else if (form && entry.kind === "answer" && isNewest) settle(form);
  if (isNewest || !entry.place) emit("saved", { slug: entry.place.split("/")[1] ?? "", form, kind: entry.kind });
}

export const formAt = (place) => place && document.querySelector(`[data-feature-form][data-place="${CSS.escape(place)}"]`);

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

const IS_GONE = ["remove", "evidence"]; // where these find nothing, what they want is so
const NO_FORM = ["copy", "move", "remove-row", "row", "accept", "reject", "rest"];

function refused(entry, { outcome, html, status }) {
  if (status === 404 && IS_GONE.includes(entry.kind)) {
    outbox.forget(entry.id);
    space.dataset.look = "";
    return;
  }
  if (status === 404 && entry.kind !== "answer") outcome = "refused";
  const why = wordsOf(html);
  const newer = outbox.find(entry.id) ?? entry;
  if (outcome !== "stale" && newer.at !== entry.at) return; // it was mended meanwhile
  outbox.put({ ...newer, state: outcome, why });
  const open = formAt(entry.place);
  if (open) delete open.dataset.closing;
  if (NO_FORM.includes(entry.kind)) draw(html);
  else if (outcome === "stale" && (open || entry.kind !== "answer")) compare(html);
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
  queue({ id: `${kind} ${url}`, place, kind, url, fields, label, said: word(`did-${kind}`) });
  if (kind === "remove") form.dataset.closing = "";
  if (kind === "evidence") button.closest("[data-piece]").dataset.going = "";
}

on("forgotten", ({ entry }) => {
  const button = entry?.kind === "evidence" && space.querySelector(`[data-going] [formaction="${CSS.escape(entry.url)}"]`);
  if (button) delete button.closest("[data-piece]").dataset.going;
});

// One more change that waits its turn; resolves when all is sent or nothing more can be.
export function queue(entry) {
  outbox.put({ at: performance.timeOrigin + performance.now(), state: "waiting", why: "", ...entry });
  return pump();
}

// --- what is told ----------------------------------------------------------------------------------------------------

function told(form, entry) {
  form.querySelector("[data-forget]").hidden = entry.state === "waiting";
  tell(form, entry.state === "draft" ? word("not-saved", { why: entry.why }) : entry.state === "waiting" ? word("saving") : "");
  show();
}

function show(now = "") {
  showSaving(outbox.entries(), { now, cut: space.dataset.cut ?? "", keepsNothing: outbox.keepsNothing(), isReady });
  emit("shown");
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
  const entry = outbox.find(id);
  clearTimeout(timers.get(id));
  timers.delete(id);
  outbox.forget(id);
  if (entry?.tried) space.dataset.look = ""; // it may have arrived; the page tells, once the site is back
  emit("row-forgotten", { id });
  emit("forgotten", { entry });
  show();
}

// Undone before it was sent: the newest change that waits. What it was, or null where nothing waits.
export function takeBackNewest() {
  const [entry] = outbox.entries().filter((each) => each.state === "waiting").sort((a, b) => b.at - a.at);
  if (entry) takeBack(entry.id);
  return entry ?? null;
}

export function takeBack(id) {
  const entry = outbox.find(id);
  forgetTyped(id);
  const form = formAt(entry?.place);
  if (form && entry.kind === "answer") reopen(form);
  else if (form) delete form.dataset.closing;
}

// As it is stored.
function reopen(form) {
  const slug = slugOf(form);
  closeForm(form);
  document.querySelector(`#feature-${CSS.escape(slug)} a.feature-name`)?.click();
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
    reopen(form);
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
  else if (doing === "take-back") takeBack(id);
  else if (doing === "anyway") emit("anyway", { entry: outbox.find(id) });
  else if (doing === "open") openKept(outbox.find(id));
});

function openKept(entry) {
  if (entry.row) emit("row-asked", { entry });
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
