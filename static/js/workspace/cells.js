// Cells of the article's tables as evidence: a click holds the cell as selected words are held; by keyboard one goes from cell
// to cell with the arrows, Enter takes the cell and Shift+Enter its row. The server counts rows and cells as it is done here.
import { addEvidence } from "./evidence.js";
import { on, space } from "./hub.js";
import { hold } from "./selection.js";
import { formNow } from "./target.js";

const CELLS = "[data-section] td, [data-section] th";
const mayWrite = Boolean(space.querySelector("[data-selection]"));
const words = (element) => element.textContent.trim().replace(/\s+/g, " ");

function chosen(cell, wholeRow) {
  const section = cell.closest("[data-section]");
  const row = cell.closest("tr");
  const number = [...section.querySelectorAll("tr")].indexOf(row) + 1;
  const said = wholeRow ? [...row.cells].map(words).filter(Boolean).join(" · ") : words(cell);
  const exact = wholeRow ? words(row) : words(cell);
  const head = !wholeRow && row.cells[0] !== cell ? words(row.cells[0]) : "";
  return {
    name: "cell",
    value: `${section.dataset.section}:${number}:${wholeRow ? "" : cell.cellIndex + 1}:${exact}`,
    words: head ? `${head}: ${said}` : said,
    cell,
  };
}

function take(cell, { wholeRow = false, now = false } = {}) {
  const choice = chosen(cell, wholeRow);
  if (!choice.words) return;
  if (now && formNow()) addEvidence(formNow(), choice);
  else hold(choice);
}

// One cell of each table can be reached by Tab, the others from it by arrows.
function prepare() {
  for (const table of space.querySelectorAll("[data-section] table:not([role])")) {
    table.setAttribute("role", "grid");
    const label = table.closest("[data-table]")?.dataset.table;
    if (label) table.setAttribute("aria-label", label);
    for (const cell of table.querySelectorAll("td, th")) cell.tabIndex = -1;
    const first = table.querySelector("td, th");
    if (first) first.tabIndex = 0;
  }
}

function focus(cell) {
  for (const other of cell.closest("table").querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
}

const rowsOf = (cell) => [...cell.closest("table").rows].filter((row) => row.cells.length);

function beside(cell, key) {
  const rows = rowsOf(cell);
  const row = rows.indexOf(cell.parentElement);
  const at = (n) => rows[n] && rows[n].cells[Math.min(cell.cellIndex, rows[n].cells.length - 1)];
  return {
    ArrowLeft: () => cell.previousElementSibling,
    ArrowRight: () => cell.nextElementSibling,
    ArrowUp: () => at(row - 1),
    ArrowDown: () => at(row + 1),
    Home: () => cell.parentElement.cells[0],
    End: () => [...cell.parentElement.cells].at(-1),
  }[key]?.();
}

if (mayWrite) {
  prepare();
  on("drawn", prepare);

  space.addEventListener("click", (event) => {
    const cell = event.target.closest(CELLS);
    if (!cell || event.target.closest("a, mark[data-features]") || !getSelection().isCollapsed) return;
    take(cell);
  });

  space.addEventListener("keydown", (event) => {
    const cell = event.target.matches(CELLS) && event.target;
    if (!cell || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = beside(cell, event.key);
    if (next) focus(next);
    else if (event.key === "Enter") take(cell, { wholeRow: event.shiftKey, now: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // The bar offers the row beside the cell, for the mouse.
  const row = space.querySelector("[data-row]");
  let held = null;
  on("held", ({ quote }) => {
    held = quote?.cell ?? null;
    row.hidden = !held;
  });
  row.addEventListener("click", () => held && take(held, { wholeRow: true }));
}
