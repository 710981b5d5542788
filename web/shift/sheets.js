// What the modes show, as tables: nothing is to be seen only in a picture.

import { element } from "../page/elements.js";
import { aside, decimal, fill, withUnit } from "../page/format.js";
import { STATUS, cellOf, valueText } from "../page/model.js";
import { flowsBetween, unitName } from "./flows.js";
import { titleOf } from "./measures.js";

/**
 * @import { Metric, Scaled, State } from "../types"
 * @import { Changes, Flow, Modes, Now, ShiftPage, Shown } from "./types"
 */

/**
 * The tables of the mode, or of the parts that are shown.
 * @param {ShiftPage} page
 * @param {Modes} modes
 * @param {Now} now
 * @param {State} state
 * @param {Changes} changes
 * @returns {(parts: Shown | null) => HTMLElement[]}
 */
export function sheetsOf(page, modes, now, state, changes) {
  const { words, digits } = modes;
  const style = page.metrics[0].style;
  const points = (/** @type {Scaled} */ value) => decimal(value, digits.flow, 2, style);

  /** @param {Shown | null} parts */
  function tables(parts) {
    if (parts) return [partsTable(parts)];
    if (now.mode === "flows") return flowTables();
    if (now.mode === "centre") return [trackTable()];
    if (now.mode === "twin") return [twinTable()];
    return [];
  }

  function flowTables() {
    const pair = flowsBetween(page, now.from, state.t);
    if (!pair) return [];
    const between = fill(words.between, { from: page.slices[now.from].label, to: page.slices[state.t].label });
    const rows = pair.flows.map((flow) => [
      unitName(page, flow.source), unitName(page, flow.target), points(flow.amount), points(flow.low), points(flow.high), distance(flow),
    ]);
    return [sheet(fill(words.flowsTable, { between }), [words.from, words.to, words.amount, words.least, words.most, words.km], rows, 2)];
  }

  /** @param {Flow} flow */
  function distance(flow) {
    const size = page.units.length + 1;
    const all = /** @type {(number | null)[]} */ (modes.km); // where there are flows there are distances
    const km = flow.source < 0 || flow.target < 0 ? null : all[flow.source * size + flow.target];
    return km === null ? "–" : decimal(km, digits.km, 0, style);
  }

  function trackTable() {
    const reading = modes.readings[now.reading];
    /** @type {(key: "lat" | "lon", t: number) => string} */
    const degrees = (key, t) => (reading[key][t] === null ? "" : decimal(reading[key][t], digits[key], 1, style) + "°");
    const rows = page.slices.map((slice, t) => [
      slice.label, degrees("lat", t), degrees("lon", t),
      reading.length[t] === null ? page.words.noData : decimal(reading.length[t], digits.length, 2, style),
      reading.reach[t] === null ? "–" : withUnit(decimal(reading.reach[t], digits.reach, 0, style), words.km, style),
    ]);
    const heads = ["lat", "lon", "length", "reach"].map((key) => titleOf(modes, key));
    return sheet(aside(words.centre, reading.title, page.words), [words.slice, ...heads], rows, 1);
  }

  function twinTable() {
    const metric = page.metrics[state.m];
    const change = changes(metric, now.from);
    /** @type {(own: Metric, u: number, t: number) => string} */
    const text = (own, u, t) => valueText(own, cellOf(page, own, u, t), page.words);
    const rows = page.units.flatMap((unit, u) =>
      (unit.kind === "whole" ? [] : [[unit.name, text(metric, u, now.from), text(metric, u, state.t), text(change, u, state.t)]]));
    return sheet(change.caption(state.t), [page.words.region, page.slices[now.from].label, page.slices[state.t].label, words.change], rows, 1);
  }

  /** @param {Shown} parts */
  function partsTable({ page: inner, slice, name }) {
    const { comma, stop, gap } = page.words;
    const [world, own] = inner.metrics;
    const rows = inner.units.flatMap((unit, u) => {
      const cell = cellOf(inner, world, u, slice);
      if (!cell.status) return [];
      const share = cellOf(inner, own, u, slice);
      return [[unit.name, share.status ? valueText(own, share, page.words) : "–", valueText(world, cell, page.words), page.words.status[STATUS[cell.status]]]];
    });
    const caption = fill(words.partsOf, { name }) + comma + inner.slices[slice].label + stop + gap + words.doNotAdd;
    return sheet(caption, [page.words.region, fill(words.ofRegion, { name }), words.ofWorld, page.words.statusWord], rows, 1);
  }

  return tables;
}

/**
 * @param {string} caption
 * @param {string[]} heads
 * @param {string[][]} rows
 * @param {number} named how many columns are names; the others are figures
 */
function sheet(caption, heads, rows, named) {
  const table = element("table");
  const [head, body, line] = [element("thead"), element("tbody"), element("tr")];
  heads.forEach((text, i) => {
    const cell = element("th", i < named ? "" : "gt-number", text);
    cell.scope = "col";
    line.append(cell);
  });
  head.append(line);
  for (const row of rows) {
    const tr = element("tr");
    row.forEach((text, i) => {
      const cell = element(i ? "td" : "th", i < named ? "" : "gt-number", text);
      if (!i) cell.scope = "row";
      tr.append(cell);
    });
    body.append(tr);
  }
  table.append(element("caption", "", caption), head, body);
  const box = element("div", "gt-sheet");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", caption);
  box.append(table);
  return box;
}
