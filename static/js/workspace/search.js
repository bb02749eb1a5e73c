// Features found by typing any part of a name, an option, an ontology term or one of its synonyms (data-words of each row).
import { isShown, on, space, word } from "./hub.js";
import { registerKey } from "./keys.js";
import { showTab } from "./tabs.js";

const search = space.querySelector("[data-feature-search]");

export function findFeature() {
  showTab("features");
  search?.focus();
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

export function endSearch() {
  if (!search?.value) return;
  search.value = "";
  filter();
}

search?.addEventListener("input", filter);
search?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const found = [...space.querySelectorAll(".feature a.feature-name")].filter(isShown);
  const typed = search.value.trim().toLowerCase();
  search.blur(); // what is typed next is for the form
  (found.find((name) => name.textContent.toLowerCase().includes(typed)) ?? found[0])?.click(); // by label before by option
});

on("drawn", filter);
on("saved", endSearch);

registerKey("/", word("find-feature"), findFeature);
