// Suggestions beside the features: o goes to the next, y accepts and x rejects it and goes on; its words are marked in the
// text. Everything here has a way without it: buttons, and the page that lists all suggestions.
import { draw, wordsOf } from "./drawing.js";
import { on, space, word } from "./hub.js";
import { keysWaitFor, registerKey, whenSettled } from "./keys.js";
import { post } from "./sending.js";
import { showTab } from "./tabs.js";
import { sayNow } from "./telling.js";

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

// Accepting is a save like any other.
space.addEventListener("submit", (event) => {
  if (!("accepts" in event.target.dataset)) return;
  event.preventDefault();
  keysWaitFor(accept(event.target));
});

async function accept(form) {
  const answer = await post(form.getAttribute("action"), [...new FormData(form)]);
  if (answer.outcome === "kept") return draw(answer.html);
  goOn = null;
  sayNow(answer.html ? wordsOf(answer.html) : word("not-kept"));
}

document.addEventListener("htmx:load", (event) => {
  if (goOn && event.detail.elt.matches?.("[data-suggestions]")) whenSettled(resume);
});
