// Features found by typing any part of a name, an option, an ontology term or one of its synonyms (data-words of each row).
import { isShown, on, space, word } from "./hub.js";
import { registerKey } from "./keys.js";
import { showTab } from "./tabs.js";

const search = space.querySelector("[data-feature-search]");

export function findFeature() {
  showTab("features");
  search?.focus();
  search?.select();
}

function filter() {
  if (!search) return;
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (row) => words.every((typed) => row.dataset.words.includes(typed));
  let any = false;
  for (const group of space.querySelectorAll(".group")) {
    let here = false;
    for (const row of group.querySelectorAll(".feature")) {
      row.hidden = !found(row);
      here ||= !row.hidden;
    }
    group.hidden = !here;
    any ||= here;
    const more = group.querySelector(".more");
    if (more) more.open = words.length ? [...more.querySelectorAll(".feature")].some(found) : more.open && !more.dataset.searched;
    if (more) words.length ? (more.dataset.searched = "") : delete more.dataset.searched;
  }
  space.classList.toggle("is-searching", words.length > 0);
  space.querySelector("[data-nothing-found]").hidden = any;
}

function endSearch() {
  if (!search?.value) return;
  search.value = "";
  filter();
}

search?.addEventListener("input", filter);
// Which of the features found is meant: the one so called, else one whose name begins so, holds it, or is found by other words.
function meant(names, typed) {
  const label = (name) => name.textContent.trim().toLowerCase();
  const ways = [(name) => label(name) === typed, (name) => label(name).startsWith(typed), (name) => label(name).includes(typed), () => true];
  for (const way of ways) {
    const name = names.find(way);
    if (name) return name;
  }
}

const found = () => [...space.querySelectorAll(".feature a.feature-name")].filter(isShown);

search?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") {
    event.preventDefault();
    found()[0]?.focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    const name = meant(found(), search.value.trim().toLowerCase());
    search.blur(); // what is typed next is for the form
    name?.click();
  }
});

// From one feature found to the next by arrows, while the search is on.
space.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !search?.value || !event.target.matches("a.feature-name")) return;
  event.preventDefault();
  const names = found();
  (names[names.indexOf(event.target) + by] ?? search).focus();
});

on("drawn", filter);
on("form-opened", endSearch);

registerKey("/", word("find-feature"), findFeature);
