// The rows of each series as they will be once what waits has been sent: rows added and copied are there, moved ones have moved,
// removed ones are gone, with a way to undo it. The server's rows stay as they are beneath; what waits is done to them anew.
import { emit, on, space, word } from "./hub.js";
import { isHandle, rowOf } from "./handles.js";
import * as outbox from "./outbox.js";

const drawn = new WeakMap(); // by the element of a series' rows: as the server drew them
const otherwise = new WeakSet(); // those that are shown otherwise

export const seriesOf = (element) => `${space.dataset.patient}/${element.closest(".series").dataset.series}`;

function drawnIn(root) {
  if (!drawn.has(root)) drawn.set(root, [...root.querySelectorAll("tbody > tr")]);
  return drawn.get(root);
}

// --- what waits, done to the rows ------------------------------------------------------------------------------------

const at = (rows, handle) => rows.findIndex((row) => row.dataset.seriesRow === handle);

const DOES = {
  row: (rows, entry, root) => rows.push(filled(blank(root), entry)),
  copy: (rows, entry) => {
    const model = rows[at(rows, entry.on)];
    if (model) rows.push(named(model.cloneNode(true), entry));
  },
  move: (rows, entry) => {
    const here = at(rows, entry.on);
    const there = here + (entry.up ? -1 : 1);
    if (here >= 0 && rows[there]) [rows[here], rows[there]] = [rows[there], rows[here]];
  },
  "remove-row": (rows, entry) => at(rows, entry.on) >= 0 && rows.splice(at(rows, entry.on), 1),
};

const blank = (root) => root.closest(".series").querySelector("template[data-row-template]").content.querySelector("tr").cloneNode(true);

function named(row, entry) {
  row.dataset.seriesRow = entry.makes;
  for (const cell of row.querySelectorAll("[data-version]")) cell.dataset.version = "";
  waits(row.querySelector("th"));
  return row;
}

function filled(row, entry) {
  for (const [slug, words] of Object.entries(entry.cells ?? {})) say(row, slug, words);
  row.dataset.words = entry.said;
  return named(row, entry);
}

function say(row, slug, words) {
  const cell = row.querySelector(`[data-cell="${CSS.escape(slug)}"]`);
  const edit = cell?.querySelector(".series-edit");
  cell?.replaceChildren(words, " ", ...(edit ? [edit] : []));
  return cell;
}

function waits(cell) {
  if (!space.dataset.cut || cell.querySelector("[data-waits]")) return;
  const mark = document.createElement("span");
  mark.className = "badge badge--warn";
  mark.dataset.waits = "";
  mark.textContent = word("not-sent");
  cell.append(mark);
}

function show(root) {
  const body = root.querySelector("tbody");
  if (!body) return;
  drawnIn(root);
  const series = seriesOf(root);
  const waiting = outbox.entries().filter((entry) => entry.state === "waiting");
  const acts = waiting.filter((entry) => entry.row === series);
  const said = waiting.filter((entry) => entry.kind === "answer" && root.querySelector(`thead [data-cell="${CSS.escape(entry.place.split("/")[1])}"]`));
  showGone(root, acts.filter((entry) => entry.kind === "remove-row"));
  if (!acts.length && !said.length && !otherwise.has(root)) return;
  const focus = focusIn(body);
  const rows = acts.length || said.length ? drawnIn(root).map((row) => row.cloneNode(true)) : drawnIn(root);
  for (const entry of acts) DOES[entry.kind](rows, entry, root);
  for (const entry of said) {
    const row = rows[at(rows, rowOf(entry))];
    const cell = row && entry.place.startsWith(`${space.dataset.patient}/`) && say(row, entry.place.split("/")[1], entry.said);
    if (cell) waits(cell);
  }
  if (acts.length || said.length) number(rows);
  body.replaceChildren(...rows);
  body.closest(".series-scroll").hidden = !rows.length;
  if (acts.length || said.length) {
    otherwise.add(root);
    htmx.process(body);
  } else otherwise.delete(root);
  focus();
}

// The number stands in the labels of a row's buttons, too; it is the first that does.
function number(rows) {
  rows.forEach((row, n) => {
    row.querySelector("[data-row-number]").textContent = n + 1;
    for (const each of row.querySelectorAll("[aria-label]")) each.setAttribute("aria-label", each.getAttribute("aria-label").replace(/\d+/, n + 1));
    const [up, down] = row.querySelectorAll("[data-move-row]");
    if (up) [up.hidden, down.hidden] = [n === 0, n === rows.length - 1];
  });
}

// The row's button that has the focus has it again, though it is another element.
function focusIn(body) {
  const button = document.activeElement;
  const row = body.contains(button) && button.closest("tr");
  if (!row) return () => {};
  const nth = [...row.querySelectorAll("a, button")].indexOf(button);
  const handle = row.dataset.seriesRow;
  return () => {
    const same = body.querySelector(`[data-series-row="${CSS.escape(handle)}"]`) ?? body.querySelector("tr:last-child");
    const shown = same && [...same.querySelectorAll("a, button")];
    (shown?.[nth]?.hidden ? shown.find((each) => each.matches("[data-move-row]:not([hidden])")) : shown?.[nth])?.focus({ preventScroll: true });
  };
}

// What is removed and not sent yet can be had back at once.
function showGone(root, removals) {
  const list = root.parentElement.querySelector("[data-rows-gone]");
  if (!list) return;
  const lines = (space.dataset.cut ? removals : []).map(({ id, said }) => {
    const line = document.createElement("li");
    line.className = "cluster meta";
    const undo = document.createElement("button");
    Object.assign(undo, { type: "button", className: "button button--small", textContent: word("take-back") });
    Object.assign(undo.dataset, { do: "take-back", id });
    line.append(said, undo);
    return line;
  });
  list.replaceChildren(...lines);
}

const showAll = () => space.querySelectorAll(".series-rows").forEach(show);

// --- what the server made of it ----------------------------------------------------------------------------------------

const versionOf = (cell) => Number(cell?.dataset.version || 0);
const cellsOf = (page, series, instance) => [
  ...page.querySelectorAll(`#series-${CSS.escape(series.split("/")[1])}-rows [data-series-row="${CSS.escape(instance)}"] [data-cell]`),
];
const withVersion = (fields, version) => [...fields.filter(([name]) => name !== "version"), ["version", String(version || "")]];
const withField = (fields, name, value) => fields.map(([each, said]) => [each, each === name ? value : said]);

// Entries that are about one row are about another number from now on; ``version`` gives the version of the row or of a cell.
function lead(series, where) {
  const [patient] = series.split("/");
  outbox.rewrite((entry) => {
    if (entry.row === series && where.has(entry.on)) {
      const { to, row } = where.get(entry.on);
      const before = Number(entry.fields.find(([name]) => name === "version")?.[1] || 0);
      return { ...entry, on: to, fields: withVersion(entry.fields, row(before)) };
    }
    const [of, slug, instance] = entry.place?.split("/") ?? [];
    if (entry.kind !== "answer" || of !== patient || !where.has(instance) || !isOf(series, slug)) return entry;
    const { to, cell } = where.get(instance);
    const place = `${of}/${slug}/${to}`;
    const before = Number(entry.fields.find(([name]) => name === "version")?.[1] || 0);
    const version = cell(slug, before);
    emit("led", { from: entry.place, place, version });
    const fields = withField(withVersion(entry.fields, version), "instance", to);
    return { ...entry, id: entry.id.replace(entry.place, place), place, fields };
  });
  emit("rows-led", { series, where });
}

const isOf = (series, slug) => Boolean(space.querySelector(`#series-${CSS.escape(series.split("/")[1])}-rows thead [data-cell="${CSS.escape(slug)}"]`));

const LEADS = {
  row: made,
  copy: made,
  move: (entry, page) => {
    const [to] = [...page.querySelectorAll("[data-made]")].map((each) => each.dataset.made);
    if (!to || to === entry.on) return;
    const raised = (instance) => (before) => (before ? before + cellsOf(page, entry.row, instance).filter(versionOf).length : before);
    const cell = (slug, before) => (before ? before + 1 : before);
    lead(entry.row, new Map([
      [entry.on, { to, row: raised(to), cell }],
      [to, { to: entry.on, row: raised(entry.on), cell }],
    ]));
  },
  "remove-row": (entry) =>
    outbox.rewrite((other) => (other.kind === "answer" && rowOf(other) === entry.on && isOf(entry.row, other.place.split("/")[1]) ? null : other)),
};

function made(entry, page) {
  const [to] = [...page.querySelectorAll("[data-made]")].map((each) => each.dataset.made);
  if (!to || !entry.makes) return;
  const cells = cellsOf(page, entry.row, to);
  const row = () => cells.reduce((sum, cell) => sum + versionOf(cell), 0);
  lead(entry.row, new Map([[entry.makes, { to, row, cell: (slug) => versionOf(cells.find((each) => each.dataset.cell === slug)) }]]));
}

// A cell that this window changed is a change of the row that this window knows of; no other is.
function raise(entry, page) {
  const [patient, slug, instance] = entry.place.split("/");
  const now = entry.kind === "remove" ? 0 : Number(page.querySelector("[data-feature-form] [name=version]")?.value || 0);
  const by = now - Number(entry.fields.find(([name]) => name === "version")?.[1] || 0);
  const isHere = (other) => other.row?.startsWith(`${patient}/`) && other.on === instance && isOf(other.row, slug);
  if (by) outbox.rewrite((other) => (isHere(other) ? { ...other, fields: withField(other.fields, "version", String(Number(other.fields.find(([name]) => name === "version")?.[1] || 0) + by)) } : other));
}

on("kept", ({ entry, answer }) => {
  if (entry.row) LEADS[entry.kind]?.(entry, answer);
  else if (entry.place) raise(entry, answer);
});

// What hangs on a row that will not be made goes with it.
on("forgotten", ({ entry }) => {
  if (!entry?.makes) return;
  const hanging = outbox.entries().filter((other) => rowOf(other) === entry.makes);
  for (const other of hanging) {
    outbox.forget(other.id);
    emit("forgotten", { entry: other });
  }
  emit("row-unmade", { handle: entry.makes });
});

on("shown", showAll);

// The version of a row as this window knows it, and its number or handle.
export function rowAt(row) {
  const cells = [...row.querySelectorAll("[data-cell]")];
  const handle = row.dataset.seriesRow;
  return { on: handle, version: isHandle(handle) ? "" : String(cells.reduce((sum, cell) => sum + versionOf(cell), 0)) };
}
