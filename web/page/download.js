// The page's own data as CSV, and its citation.

import { plain } from "./format.js";
import { STATUS, cellOf } from "./model.js";

/** @import { App, Page, Scaled } from "../types.d.ts" */

/** The columns of the CSV, as in data/. */
export const COLUMNS = ["region", "name", "start", "end", "metric", "value", "unit", "status", "origin", "label", "note"];

/**
 * `more`: what follows the head and every row, of a page that has further sections.
 * @param {Page} page
 * @param {[head: string, row: string]} [more]
 * @returns {string}
 */
export function csvOf(page, more = ["", ""]) {
  const lines = [COLUMNS.join(",") + more[0]];
  for (const metric of page.metrics) {
    page.slices.forEach((slice, t) => {
      page.units.forEach((unit, u) => {
        const cell = cellOf(page, metric, u, t);
        if (!cell.origin) return; // a missing figure has no row, as in data/
        const scaled = /** @type {Scaled} */ (cell.beside?.value ?? cell.value);
        lines.push([
          unit.code, unit.name, slice.start, slice.end, metric.id, plain(scaled, metric.digits, metric.scale), metric.unit,
          STATUS[cell.beside?.status ?? cell.status], cell.origin.id, unit.label || unit.name, cell.note,
        ].map((value, i) => (i === 5 ? value : field(value))).join(",") + more[1]);
      });
    });
  }
  return lines.join("\r\n") + "\r\n";
}

/**
 * Quoted where CSV asks for it; text that a spreadsheet would run as a formula is made text.
 * @param {string} value
 * @returns {string}
 */
export function field(value) {
  const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

/**
 * Saves a file; a sandboxed frame may not download, so there the text is shown to be copied.
 * @param {HTMLElement} root
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
function save(root, name, type, text) {
  if (window.origin === "null" && location.protocol !== "file:") return reveal(root, text);
  const link = document.createElement("a");
  const mark = type.startsWith("text/csv") ? "\ufeff" : ""; // without it Excel reads another encoding
  link.href = URL.createObjectURL(new Blob([mark + text], { type }));
  link.download = name;
  root.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  return reveal(root, "");
}

/**
 * @param {HTMLElement} root
 * @param {string} text
 */
function reveal(root, text) {
  const area = /** @type {HTMLTextAreaElement} */ (root.querySelector(".gt-copy"));
  area.hidden = !text;
  area.value = text;
  if (text) {
    area.focus();
    area.select();
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} text
 */
async function copy(root, text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    reveal(root, text);
    return false;
  }
}

/**
 * The buttons for the data and the citation.
 * @param {App} app
 * @returns {null}
 */
export function downloadControl(app) {
  const { root, page, say, $ } = app;
  const button = $(".gt-csv");
  if (!button) return null;
  const csv = () => app.shift?.csv() ?? csvOf(page);
  button.addEventListener("click", () => save(root, page.id + ".csv", "text/csv;charset=utf-8", csv()));
  $(".gt-cite-file").addEventListener("click", () => save(root, page.id + "-citation.txt", "text/plain;charset=utf-8", page.citation + "\n"));
  $(".gt-cite-copy").addEventListener("click", async () => {
    if (await copy(root, page.citation)) say(page.words.copied);
  });
  return null;
}
