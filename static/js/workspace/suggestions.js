// Suggestions beside the features: o goes to the next, y accepts and x rejects it and goes on; its words are marked in the
// text. Everything here has a way without it: buttons, and the page that lists all suggestions.
import { isAway, on, space, word } from "./hub.js";
import { keysWaitFor, registerKey, whenSettled } from "./keys.js";
import * as outbox from "./outbox.js";
import { queue } from "./saving.js";
import { showTab } from "./tabs.js";

const offers = () => [...space.querySelectorAll("[data-offer]")].filter((offer) => !offer.closest("[hidden]"));
const current = () => space.querySelector("[data-offer][data-current]");
const QUIET = 1_000; // ms after the last change until what is offered is asked for again
let asking = 0;
let goOn = null; // after a judgement: the place from which to go on, once the new offers are there

// The words by their code points, over however many text nodes they stand.
function rangeOf(section, start, end) {
  const range = document.createRange();
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node; (node = walker.nextNode()); ) {
    const points = [...node.data];
    const place = (offset) => points.slice(0, offset - at).join("").length;
    if (start >= at && start < at + points.length) range.setStart(node, place(start));
    if (end > at && end <= at + points.length) {
      range.setEnd(node, place(end));
      return range;
    }
    at += points.length;
  }
  return null;
}

function mark(offer) {
  const { sectionId, start, end } = offer.querySelector("[data-place]").dataset;
  const section = space.querySelector(`[data-section="${sectionId}"]`);
  const range = section && rangeOf(section, Number(start), Number(end));
  if (!range) return;
  if (globalThis.Highlight) CSS.highlights.set("suggestion", new Highlight(range));
  range.startContainer.parentElement.scrollIntoView({ block: "center" });
}

function point(offer) {
  offers().forEach((other) => other.removeAttribute("data-current"));
  if (!offer) {
    globalThis.CSS?.highlights?.delete("suggestion");
    return;
  }
  offer.dataset.current = "";
  offer.closest("details")?.setAttribute("open", "");
  mark(offer);
  offer.scrollIntoView({ block: "nearest" });
  offer.querySelector("button").focus({ preventScroll: true });
}

function next() {
  const all = offers();
  point(all[(all.indexOf(current()) + 1) % all.length]);
}

// The first offer at or behind the place where one was just judged.
function resume() {
  const place = document.getElementById(goOn);
  goOn = null;
  const follows = (offer) => place?.contains(offer) || place?.compareDocumentPosition(offer) & Node.DOCUMENT_POSITION_FOLLOWING;
  const all = offers();
  point(all.find(follows) ?? all[0]);
}

function judge(how) {
  const offer = document.activeElement.closest("[data-offer]") ?? current();
  if (!offer) return next();
  offer.querySelector(how)?.click();
}

const offered = () => offers().length > 0;
registerKey("o", word("next-offer"), next, { when: offered });
registerKey("y", word("accept-offer"), () => judge("[data-accept]"), { when: offered });
registerKey("x", word("reject-offer"), () => judge("[data-reject]"), { when: offered });

space.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-offer]");
  if (offer && event.target.closest("[data-place]")) {
    event.preventDefault();
    point(offer);
    showTab("text");
  } else if (event.target.closest("[data-next-offer]")) {
    event.preventDefault();
    next();
  } else if (offer && event.target.closest("[data-accept], [data-reject]")) goOn = offer.closest(".offers").id;
});

// What is offered beside a row goes with it when the row is drawn anew. Keys wait for the next offer where one was just judged.
function askAgain() {
  if (isAway()) return; // asked for again with the next change that is kept
  const offered = document.getElementById("suggestions");
  offered?.toggleAttribute("data-quiet", !goOn);
  if (offered) htmx.trigger(offered, "again");
}

on("drawn", ({ elements }) => {
  if (!elements.some((element) => element.matches(".feature"))) return;
  clearTimeout(asking);
  if (goOn) askAgain();
  else asking = setTimeout(askAgain, QUIET);
});

// A judgement is a change like any other: it waits its turn, and where the site is away.
space.addEventListener(
  "submit",
  (event) => {
    const offer = event.target.closest("[data-offer]");
    if (!offer) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keysWaitFor(judged(event.target, offer));
  },
  { capture: true },
);

const offerOf = ({ url }) => space.querySelector(`[data-offer] form[action="${CSS.escape(url)}"]`)?.closest("[data-offer]");

function putAside(offer) {
  offer.hidden = true;
  offer.removeAttribute("data-current");
}

async function judged(form, offer) {
  const kind = "accepts" in form.dataset ? "accept" : "reject";
  const words = offer.querySelector(".offer-said").textContent.replace(/\s+/g, " ").trim();
  const label = offer.closest(".feature")?.querySelector(".feature-name").textContent.trim() ?? "";
  const fields = [["patient", space.dataset.patient], ["key", [...crypto.getRandomValues(new Uint32Array(4))].join("-")]];
  putAside(offer);
  const url = form.getAttribute("action");
  await queue({ id: `${kind} ${url}`, place: "", kind, url, fields, label, said: word(`did-${kind}`, { words }) });
  if (isAway() && goOn) resume();
}

// What is judged already is not offered, though the page was loaded anew meanwhile.
on("shown", () => {
  for (const { kind, state, url } of outbox.entries()) {
    const offer = (kind === "accept" || kind === "reject") && state === "waiting" && offerOf({ url });
    if (offer) putAside(offer);
  }
});
on("kept", ({ entry }) => {
  if (entry.kind !== "reject") return;
  offerOf(entry)?.remove();
  askAgain();
});
on("refused", ({ entry }) => {
  if (!["accept", "reject"].includes(entry.kind)) return;
  goOn = null;
  askAgain();
});
on("forgotten", ({ entry }) => {
  const offer = entry && offerOf(entry);
  if (offer) offer.hidden = false;
});

document.addEventListener("htmx:load", (event) => {
  if (goOn && event.detail.elt.matches?.("[data-suggestions]")) whenSettled(resume);
});
