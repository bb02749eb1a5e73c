// What was typed and is not kept by the server yet, in this browser: of one person and one reading, so that nobody else who
// uses the browser is shown it. A window that is closed leaves its part to the next one that opens the reading.
import { space } from "./hub.js";

const { person, reading } = space.dataset;
const KEY = `casebook:kept:${person}:${reading}`;
const TAB = "casebook:tab";
let memory = null; // where the browser keeps nothing

export let tab = sessionStorage.getItem(TAB) ?? crypto.getRandomValues(new Uint32Array(2)).join("");

function all() {
  if (memory) return memory;
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function write(entries) {
  try {
    if (entries.length) localStorage.setItem(KEY, JSON.stringify(entries));
    else localStorage.removeItem(KEY);
    memory = null;
  } catch {
    memory = entries;
  }
}

export const keepsNothing = () => memory !== null;

// In the order in which they were made.
export const entries = () => all().filter((entry) => entry.tab === tab);

export const find = (id) => entries().find((entry) => entry.id === id);

export function put(entry) {
  const kept = all();
  const at = kept.findIndex((other) => other.id === entry.id && other.tab === tab);
  if (at < 0) kept.push({ ...entry, tab });
  else kept[at] = { ...entry, tab };
  write(kept);
}

export function forget(id) {
  write(all().filter((entry) => entry.id !== id || entry.tab !== tab));
}

// Changes what waits; ``change`` gives each entry back, or another in its place, or nothing where it is to be forgotten.
export function rewrite(change) {
  write(all().flatMap((entry) => (entry.tab === tab ? (change(entry) ?? []) : entry)));
}

// Takes over what windows that are gone have left. A lock tells whether a window is still there.
export async function adopt() {
  if (navigator.locks) {
    const mine = await new Promise((resolve) => {
      navigator.locks.request(`${TAB}:${tab}`, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        return lock ? new Promise(() => {}) : null; // held as long as the window is there
      });
    });
    if (!mine) {
      tab = crypto.getRandomValues(new Uint32Array(2)).join(""); // a copied window begins with its model's name
      navigator.locks.request(`${TAB}:${tab}`, () => new Promise(() => {}));
    }
  }
  sessionStorage.setItem(TAB, tab);
  const held = navigator.locks ? (await navigator.locks.query()).held.map((lock) => lock.name) : [];
  const kept = all();
  const known = new Set(kept.filter((entry) => entry.tab === tab).map((entry) => entry.id));
  for (const entry of kept)
    if (entry.tab !== tab && !held.includes(`${TAB}:${entry.tab}`) && !known.has(entry.id)) {
      entry.tab = tab;
      known.add(entry.id);
    }
  write(kept);
}
