// While the site is away: a form that is asked for comes from those that this browser fetched before, and what cannot be done
// without the site says so, with what was typed still there.
import { drawForm } from "./drawing.js";
import { currentForm, formIsHere } from "./forms.js";
import { isHandle } from "./handles.js";
import { emit, isAway, on, space, word } from "./hub.js";
import * as outbox from "./outbox.js";
import { fill } from "./holding.js";
import { allSent, formAt, wait } from "./saving.js";
import { answers } from "./sending.js";
import { announce } from "./telling.js";

const SOON = 1_500; // ms after the page is there, and after the last change, until forms are asked for
const NUMBERS = ["700100700100700101", "700100700100700102"]; // stand for the reading and the patient in blank forms
const { reading, patient, forms, blankForms } = space.dataset;
const kept = new Map(); // by place: a form as the server draws it of what is stored
let blanks = {};

// --- forms that are kept ---------------------------------------------------------------------------------------------------

async function json(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

async function fetchForms(slugs = []) {
  const query = new URLSearchParams([["patient", patient], ...slugs.map((slug) => ["feature", slug])]);
  for (const place of [...kept.keys()]) if (slugs.includes(place.split("/")[1])) kept.delete(place);
  for (const [place, html] of Object.entries(await json(`${forms}?${query}`))) kept.set(place, html);
}

async function start() {
  const fetched = await json(blankForms);
  blanks = Object.fromEntries(Object.entries(fetched).map(([place, html]) => [place.split("/")[1], html]));
  await fetchForms();
}

if (forms) setTimeout(start, SOON);

let changed = new Set();
let asking = 0;
// Acts of the server's on many answers at once: what their forms say is asked for again.
on("answers-changed", ({ elements }) => {
  for (const each of elements) if (each.matches(".feature")) changed.add(each.id.replace("feature-", ""));
  clearTimeout(asking);
  asking = setTimeout(() => {
    if (forms && changed.size) fetchForms([...changed]);
    changed = new Set();
  }, SOON);
});

// What stands in the fields becomes what the markup says, so that the form can be drawn from it again.
function frozen(form) {
  for (const field of form.querySelectorAll("input, textarea, option")) {
    if (field.matches("[type=radio], [type=checkbox]")) field.toggleAttribute("checked", field.checked);
    else if (field.matches("option")) field.toggleAttribute("selected", field.selected);
    else if (field.matches("textarea")) field.textContent = field.value;
    else field.setAttribute("value", field.value);
  }
  return form.outerHTML;
}

on("form-drawn", ({ form }) => {
  if (!("dirty" in form.dataset || "conflict" in form.dataset)) kept.set(form.dataset.place, form.outerHTML);
});
on("saved", ({ form, slug, kind }) => {
  if (form && kind !== "remove") kept.set(form.dataset.place, frozen(form));
  else if (slug && kind !== "answer") emit("answers-changed", { elements: [document.getElementById(`feature-${slug}`)].filter(Boolean) });
});

// Of an answer whose form was closed before the server had it.
on("kept", ({ entry, answer }) => {
  if (entry.kind !== "answer" || formAt(entry.place)) return;
  const fresh = answer.querySelector("[data-feature-form]");
  const form = fresh && formFor(entry.place);
  if (!form) return;
  fill(form, { ...entry, evidence: [] });
  delete form.dataset.dirty;
  form.elements.version.value = fresh.elements.version.value;
  form.querySelector("[data-quotes]").replaceChildren(...fresh.querySelector("[data-quotes]").children);
  form.querySelector("[data-after-save]").replaceWith(fresh.querySelector("[data-after-save]"));
  kept.set(entry.place, frozen(form));
});

// The form of an answer to nothing yet, at any row.
function blankOf(slug, instance) {
  const html = blanks[slug]?.replaceAll(NUMBERS[0], reading).replaceAll(NUMBERS[1], patient);
  const form = html && new DOMParser().parseFromString(html, "text/html").querySelector("form");
  if (!form) return null;
  form.dataset.place = `${patient}/${slug}/${instance}`;
  form.querySelector("[name=instance]").setAttribute("value", instance);
  return form;
}

function formFor(place) {
  const [, slug, instance] = place.split("/");
  if (kept.has(place)) return new DOMParser().parseFromString(kept.get(place), "text/html").querySelector("form");
  const maker = isHandle(instance) && outbox.entries().find((entry) => entry.makes === instance);
  if (!maker) return blankOf(slug, instance);
  if (maker.kind === "copy") return copied(formFor(`${patient}/${slug}/${maker.on}`), instance);
  const form = blankOf(slug, instance);
  const said = maker.fields.find(([name]) => name === `value-${slug}`)?.[1];
  return form && said ? typed(form, said) : form;
}

// What proves one row does not prove the next.
function copied(form, instance) {
  if (!form) return null;
  const [of, slug] = form.dataset.place.split("/");
  form.dataset.place = `${of}/${slug}/${instance}`;
  form.querySelector("[name=instance]").setAttribute("value", instance);
  form.querySelector("[name=version]").setAttribute("value", "");
  form.querySelector("[data-quotes]").replaceChildren();
  form.querySelector("[data-after-save]").replaceChildren();
  return form;
}

function typed(form, said) {
  form.querySelector("input[name=status][value=present]").setAttribute("checked", "");
  for (const field of form.querySelectorAll("fieldset.value [name=value]")) {
    if (field.matches("[type=radio], [type=checkbox]")) field.toggleAttribute("checked", field.value === said);
    else if (field.matches("select")) field.querySelector(`option[value="${CSS.escape(said)}"]`)?.setAttribute("selected", "");
    else field.setAttribute("value", said);
  }
  return form;
}

const placeAskedFor = (link) => {
  const address = new URL(link.getAttribute("hx-get"), location.href);
  const slug = address.pathname.match(/\/features\/([^/]+)\/$/)?.[1];
  const row = link.closest("[data-series-row]")?.dataset.seriesRow;
  return slug && `${patient}/${slug}/${row ?? address.searchParams.get("instance") ?? 1}`;
};
const OPENS = "a.feature-name, a.series-edit, .answer a[hx-get]";

function openKept(link) {
  const place = placeAskedFor(link);
  const form = place && formFor(place);
  const drawn = form && drawForm(form.outerHTML);
  if (drawn) formIsHere(drawn);
  else complain(word("needs-site-form"));
}

// A form of a row that is not made yet, and any while the site is known to be away, is not asked for in vain.
space.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest(OPENS);
    if (!link?.hasAttribute("hx-get") || event.ctrlKey || event.metaKey) return;
    if (!isAway() && !isHandle(link.closest("[data-series-row]")?.dataset.seriesRow)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    openKept(link);
  },
  { capture: true },
);

// --- a row is made: its forms have a number now ------------------------------------------------------------------------------

on("led", ({ from, place, version }) => {
  const form = formAt(from);
  if (!form) return;
  form.dataset.place = place;
  form.elements.instance.value = place.split("/")[2];
  form.elements.version.value = version || "";
});
on("rows-led", ({ where }) => {
  for (const place of [...kept.keys()]) if (where.has(place.split("/")[2])) kept.delete(place);
});
on("row-unmade", ({ handle }) => {
  const form = currentForm();
  if (form?.dataset.place.endsWith(`/${handle}`)) form.querySelector("[data-close]")?.click();
});

// --- what needs the site ---------------------------------------------------------------------------------------------------

const complain = (words) => announce(words, "warn");

const gotNoAnswer = ({ xhr }) => !xhr.status || [502, 503, 504].includes(xhr.status);

for (const failed of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
  document.addEventListener(failed, (event) => {
    const { elt } = event.detail;
    if (!space.contains(elt) || !gotNoAnswer(event.detail)) return;
    document.getElementById("refusals").replaceChildren();
    wait({ outcome: "unreachable" });
    if (elt.matches("[data-quiet]")) return;
    if (elt.matches(OPENS)) openKept(elt);
    else complain(word(elt.matches("[data-find-button]") ? "needs-site-find" : "needs-site"));
  });

// Known to be in vain.
space.addEventListener(
  "click",
  (event) => {
    if (!isAway() || !event.target.closest("[data-find-button]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    complain(word("needs-site-find"));
  },
  { capture: true },
);

window.addEventListener("offline", () => wait({ outcome: "unreachable" }));

const why = (form) => {
  const action = form.getAttribute("action");
  if (action.endsWith("/submit/")) return word("needs-submit");
  if (/\/patients\/add\/$/.test(action)) return word("needs-patient-add");
  return word(action.includes("/patients/") ? "needs-patient" : "needs-site");
};

// A form that leads to another page waits for what is on its way, and goes only where somebody answers.
space.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]") || "goes" in form.dataset) return;
  event.preventDefault();
  const { submitter } = event;
  const isSent = await allSent();
  if (!(await answers())) {
    wait({ outcome: "unreachable" });
    return complain(why(form));
  }
  if (!isSent) return complain(word("needs-saved"));
  form.dataset.goes = "";
  form.requestSubmit(submitter);
});

// A link would lead to the browser's own page of errors.
space.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([target], [hx-get], [data-picture])");
  if (!isAway() || event.defaultPrevented || !link || event.ctrlKey || event.metaKey || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  complain(word("needs-site-page"));
});
