// Says quietly what is saved, and plainly what is not: what is kept in this browser, why, and what can be done about it.
import { space, word } from "./hub.js";

const bar = space.querySelector("[data-saving]");
const quietly = space.querySelector("[data-say]");
const now = space.querySelector("[data-say-now]");
let last = "";

export const say = (words) => (quietly.textContent = words);

// The same words twice are read twice.
export const sayNow = (words) => (now.textContent = now.textContent === words ? `${words} ` : words);

export function tell(form, words) {
  form.querySelector("[data-form-state]").textContent = words;
}

// At the head of the page, where refusals stand, and to screen readers at once; kind: "warn", "danger".
export function announce(words, kind) {
  sayNow(words);
  const notice = document.createElement("p");
  notice.className = `notice notice--${kind}`;
  notice.textContent = words;
  document.getElementById("refusals").replaceChildren(notice);
}

// What the bar says: the first thing that holds.
function stateOf(entries, { now: doing, cut, keepsNothing, isReady }) {
  const n = entries.length;
  const stuck = entries.filter((entry) => ["stale", "locked", "closed"].includes(entry.state));
  if (cut === "signed-out") return { words: word("signed-out", { n }), ways: ["sign-in", "try-now"], kind: "warn" };
  if (cut && entries.some((entry) => entry.state === "waiting")) return { words: word("unreachable", { n }), ways: ["try-now"], kind: "warn", list: entries, folds: true };
  if (cut) return { words: word("away"), ways: ["try-now"], kind: "warn", list: entries };
  if (stuck.length) return { words: word(stuck[0].state === "stale" ? "stale-kept" : "locked", { n: stuck.length }), ways: [], kind: "warn", list: stuck };
  if (keepsNothing && n) return { words: word("keeps-nothing"), ways: [], kind: "warn" };
  const open = entries.filter((entry) => ["draft", "refused"].includes(entry.state));
  if (doing === "saving" || entries.some(isReady)) return { words: word("saving"), ways: [], kind: "" };
  if (open.length) return { words: word("drafts", { n: open.length }), ways: [], kind: "" , list: open };
  if (entries.length) return { words: word("saving"), ways: [], kind: "" };
  return { words: last ? word("saved-at", { time: new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) }) : "", ways: [], kind: "" };
}

export function showSaving(entries, told) {
  if (entries.length || told.now) last = "something";
  const { words, ways, kind, list = [], folds = false } = stateOf(entries, told);
  bar.hidden = !words;
  bar.className = `saving${kind ? ` notice notice--${kind}` : ""}`;
  const state = bar.querySelector("[data-saving-state]");
  if (state.textContent !== words) {
    state.textContent = words;
    if (words !== word("saving")) say(words);
  }
  bar.querySelector("[data-saving-ways]").replaceChildren(...ways.map(way));
  const fold = bar.querySelector("[data-saving-fold]");
  if (folds === fold.firstElementChild.hidden) fold.open = !folds;
  fold.firstElementChild.hidden = !folds;
  bar.querySelector("[data-saving-kept]").replaceChildren(...list.map(line));
  mark(entries, told.cut);
}

function button(name, id = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--small";
  made.dataset.do = name;
  made.dataset.id = id;
  made.textContent = word(name);
  return made;
}

function way(name) {
  if (name !== "sign-in") return button(name);
  const link = document.createElement("a");
  link.className = "button button--small button--primary";
  link.href = space.dataset.signIn;
  link.target = "_blank";
  link.textContent = word("sign-in");
  return link;
}

// What is kept here, where it stands, and why it is not sent.
function line(entry) {
  const item = document.createElement("li");
  item.className = "cluster";
  const label = document.createElement("strong");
  label.textContent = entry.label;
  const says = document.createElement("span");
  const quotes = (entry.evidence ?? []).map(({ words }) => `“${words}”`);
  says.textContent = [entry.said, ...quotes].filter(Boolean).join(" · ");
  const why = document.createElement("span");
  why.className = "meta";
  why.textContent = entry.state === "stale" && !entry.row ? "" : entry.why;
  item.append(label, says, why);
  if (entry.state === "stale") item.append(button(entry.row ? "anyway" : "compare", entry.id));
  const hasForm = entry.kind === "answer" || entry.kind === "row";
  if (hasForm && (entry.state === "draft" || entry.state === "refused")) item.append(button("open", entry.id));
  if (entry.state === "closed") item.append(button("try-now"));
  item.append(button(entry.state === "waiting" ? "take-back" : "forget", entry.id));
  return item;
}

// Rows of which something is typed and not saved say so; while the site is away, with what it is.
function mark(entries, cut) {
  const shown = entries.filter((entry) => entry.place?.startsWith(`${space.dataset.patient}/`) && (cut || entry.state !== "waiting"));
  const words = new Map(shown.map((entry) => [entry.place.split("/")[1], entry.state === "waiting" ? `${word("waits")}: ${entry.said}` : word("unsaved")]));
  for (const badge of space.querySelectorAll("[data-unsaved]")) if (badge.textContent !== words.get(badge.dataset.unsaved)) badge.remove();
  for (const [slug, said] of words) {
    const row = document.querySelector(`#feature-${CSS.escape(slug)} .feature-line`);
    if (!row || row.querySelector("[data-unsaved]")) continue;
    const badge = document.createElement("span");
    badge.className = "badge badge--warn";
    badge.dataset.unsaved = slug;
    badge.textContent = said;
    row.append(badge);
  }
}
