// What the modes show, as rows of the CSV: nothing is to be seen only in a picture.

import { COLUMNS, csvOf, field } from "../page/download.js";
import { LOWER, plain } from "../page/format.js";
import { STATUS, cellOf } from "../page/model.js";
import { flowsBetween, unitName } from "./flows.js";
import { trackOf } from "./measures.js";

/**
 * @import { Origin, Scaled, State } from "../types"
 * @import { Changes, Modes, Now, ShiftPage } from "./types"
 */

/** @typedef {Record<string, string | undefined>} CsvRow by the names of its columns */

const MORE_COLUMNS = ["section", "part_of", "to_region", "low", "high", "assumption"];

/**
 * @param {ShiftPage} page
 * @param {Modes} modes
 * @param {Now} now
 * @param {State} state
 * @param {Changes} changes
 * @returns {() => string}
 */
export function recordOf(page, modes, now, state, changes) {
  const { digits } = modes;

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

  return csv;
}
