// What the modes show, as tables and as rows of the CSV: nothing is to be seen only in a picture.

import { COLUMNS, csvOf, field } from "../page/download.js";
import { element } from "../page/elements.js";
import { LOWER, aside, decimal, fill, plain, withUnit } from "../page/format.js";
import { STATUS, cellOf, valueText } from "../page/model.js";
import { flowsBetween, unitName } from "./flows.js";
import { titleOf, trackOf } from "./measures.js";

/**
 * @import { Metric, Origin, Scaled, State } from "../types"
 * @import { Changes, Flow, Modes, Now, ShiftPage, Shown } from "./types"
 */

/** @typedef {Record<string, string | undefined>} CsvRow by the names of its columns */

const MORE_COLUMNS = ["section", "part_of", "to_region", "low", "high", "assumption"];

/**
 * @param {ShiftPage} page
 * @param {Modes} modes
 * @param {Now} now
 * @param {State} state
 * @param {Changes} changes
 */
export function recordOf(page, modes, now, state, changes) {
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

  /** The figures as they are, then sections of what is derived from them: each row says of which. */
  function csv() {
    const lines = [csvOf(page, ["," + MORE_COLUMNS.join(","), ",figures,,,,,"]).trimEnd()];
    const put = (/** @type {CsvRow} */ row) =>
      lines.push([...COLUMNS, ...MORE_COLUMNS].map((name) => field(String(row[name] ?? ""))).join(","));
    partRows().forEach(put);
    measureRows().forEach(put);
    bandRows().forEach(put);
    if (now.mode !== "levels" && now.mode !== "centre") [...changeRows(), ...flowRows()].forEach(put);
    return lines.join("\r\n") + "\r\n";
  }

  /** @returns {CsvRow[]} */
  function partRows() {
    return modes.inner.flatMap(({ code, page: inner }) => inner.units.flatMap((unit, u) => inner.slices.flatMap((slice, t) => {
      const [world, own] = inner.metrics;
      const cell = cellOf(inner, world, u, t);
      if (!cell.status || unit.code === code) return [];
      const share = cellOf(inner, own, u, t);
      return [{
        region: unit.code, name: unit.name, start: slice.start, end: slice.end, metric: world.id,
        value: plain(/** @type {Scaled} */ (cell.value), world.digits, world.scale), unit: "%", status: STATUS[cell.status],
        origin: /** @type {Origin} */ (cell.origin).id, label: unit.label, part_of: code, section: "parts",
        note: `${plain(/** @type {Scaled} */ (share.value), own.digits, own.scale)}% of ${code}; do not add to ${code}`,
      }];
    })));
  }

  /** @returns {CsvRow[]} */
  function measureRows() {
    const reading = modes.readings[now.reading];
    if (!reading) return [];
    const text = (/** @type {string} */ name, /** @type {number} */ t) => {
      const value = trackOf(reading, name)[t];
      return value === null ? "" : plain(value, digits[name]);
    };
    return page.slices.flatMap((_, t) => modes.measures.flatMap(({ column, told, unit, low, high }) => {
      if (trackOf(reading, told)[t] === null) return [];
      const apart = low && high && trackOf(reading, low)[t] !== trackOf(reading, high)[t];
      const ends = apart ? { low: text(low, t), high: text(high, t), assumption: "remainder" } : {};
      return [{ region: "all", name: reading.title, ...when(t), metric: column, value: text(told, t), unit, status: "derived", ...ends, section: "measures" }];
    }));
  }

  /** @returns {CsvRow[]} */
  function bandRows() {
    const reading = modes.readings[0];
    if (!reading) return [];
    return Object.entries(reading.bands).flatMap(([code, line]) => Object.entries(line).flatMap(([name, [low, high]]) => page.slices.flatMap((_, t) =>
      (low[t] === null || low[t] === high[t] ? [] : [{
        region: code, name: modes.lines[code], ...when(t), metric: "share",
        value: plain(/** @type {Scaled} */ (reading.lines[code][t]), digits.share), unit: "%", status: "derived",
        low: plain(low[t], digits.band), high: plain(/** @type {Scaled} */ (high[t]), digits.band),
        assumption: name, section: "intervals",
      }]))));
  }

  const when = (/** @type {number} */ t) => ({ start: page.slices[t].start, end: page.slices[t].end });
  const spanned = () => ({ start: page.slices[now.from].start, end: page.slices[state.t].end });

  /** @returns {CsvRow[]} */
  function changeRows() {
    return page.metrics.flatMap((metric) => page.units.flatMap((unit, u) => {
      const change = changes(metric, now.from);
      const cell = cellOf(page, change, u, state.t);
      if (!cell.status) return [];
      return [{
        region: unit.code, name: unit.name, ...spanned(), metric: `change_of_${metric.id}`,
        value: cell.status === LOWER ? "" : plain(/** @type {Scaled} */ (cell.value), metric.digits, metric.scale),
        unit: change.unit, status: cell.status === LOWER ? "not known exactly" : STATUS[cell.status], label: unit.label, section: "change",
        note: `${page.slices[now.from].iso} to ${page.slices[state.t].iso}`,
      }];
    }));
  }

  /** @returns {CsvRow[]} */
  function flowRows() {
    const pair = flowsBetween(page, now.from, state.t);
    const code = (/** @type {number} */ u) => (u < 0 ? "rest" : page.units[u].code);
    return (pair ? pair.flows : []).map((flow) => ({
      region: code(flow.source), name: unitName(page, flow.source), to_region: code(flow.target), ...spanned(), metric: "least_movement_flow",
      value: plain(flow.amount, digits.flow), unit: "points", status: "derived", low: plain(flow.low, digits.flow), high: plain(flow.high, digits.flow), section: "flows",
      note: "smallest set of net changes consistent with the shares, not observed movements",
    }));
  }

  return { tables, csv };
}
