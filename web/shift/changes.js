// The change of every figure since a chosen slice, as a metric of its own: map, legend, tooltip and table read it
// like any other. To minus from, at the source's own precision; missing in either slice is missing.

/**
 * @import { Line, Metric, Page, Part, PartBounds, Scaled } from "../types"
 * @import { Change, Changes, Modes } from "./types"
 * @typedef {[name: string, value: Scaled | null, text: string]} Told what changed, by how much, else in words
 */

import { LOWER, SHORT, changeUnit, changed, fill } from "../page/format.js";
import { cellOf, differenceOf, isBound, less, partKnown, remainderLines, valueText } from "../page/model.js";

const DERIVED = 4; // a place in STATUS
/** @type {Part[]} */
const PARTS = ["mapped", "stated", "unstated", "rounding"];

/**
 * @param {Page} page
 * @param {Modes} modes
 * @returns {Changes}
 */
export function changesOf(page, modes) {
  const words = modes.words;
  const kept = /** @type {Map<string, Change>} */ (new Map());

  return (metric, from) => {
    const key = metric.id + from;
    if (!kept.has(key)) kept.set(key, made(metric, from));
    return /** @type {Change} */ (kept.get(key));
  };

  /**
   * @param {Metric} metric
   * @param {number} from
   */
  function made(metric, from) {
    const { slices } = metric;
    const values = new Float64Array(metric.values.length);
    const status = new Uint8Array(values.length);
    const bounds = /** @type {PartBounds} */ (new Map());
    /** @type {(u: number, t: number) => void} what is known of a part that has no figure, as it is of the slices */
    const beside = (u, t) => {
      const known = differenceOf(page, metric, u, from, t);
      if (known) bounds.set(`${u} ${t}`, { u, t, value: known.value, status: known.exact ? DERIVED : LOWER });
    };
    page.units.forEach((_, u) => {
      for (let t = 0; t < slices; t++) {
        const [was, is] = [u * slices + from, u * slices + t];
        if (!metric.status[was] || !metric.status[is]) {
          beside(u, t);
          continue;
        }
        values[is] = less(metric, metric.values[is], metric.values[was]);
        status[is] = metric.status[was] === LOWER || metric.status[is] === LOWER ? LOWER : Math.max(metric.status[was], metric.status[is]); // the weaker word
      }
    });
    const groups = metric.groups.map((line) => {
      const was = line[from];
      return line.map((value) => (value !== null && was !== null ? less(metric, value, was) : null));
    });
    const open = metric.groupStatus.map((line) => line.map((each) => isBound(each) || isBound(line[from])));
    const unit = changeUnit(metric.unitShown, metric.style);
    const text = (/** @type {Scaled} */ scaled, shown = unit) => changed(scaled, { ...metric, unit: shown });
    const short = (/** @type {Scaled} */ scaled, shown = unit) =>
      changed(scaled, { ...metric, unit: shown, most: metric.short ?? SHORT });
    const { light, dark } = modes.changes[page.metrics.indexOf(metric)];
    /** @type {Change} */
    const own = {
      ...metric, base: metric, values, status, groups, groupStatus: metric.groupStatus,
      title: fill(words.changeOf, { metric: metric.title }), unit: metric.unit === "%" ? "points" : metric.unit, unitShown: unit,
      unitNamed: metric.unit === "%" ? words.amount : unit,
      breaks: modes.changes[page.metrics.indexOf(metric)], light, dark,
      bounds: bounds.size ? bounds : null, groupBounds: null, boundLegend: words.notExactLegend, missingLegend: page.words.notKnown, hasBounds: status.includes(LOWER), sliceNotes: {},
      titles: (t) => ({ value: words.change, previous: page.slices[from].label, first: page.slices[t].label }),
      valueText(cell) {
        const { status: told, value } = cell.beside ?? cell;
        if (!told) return page.words.notKnown;
        return told === LOWER ? page.words.notExact : text(/** @type {Scaled} */ (value));
      },
      groupText(g, t) {
        const lack = metric.lacks?.[g] ?? page.words.noData;
        const value = groups[g][t];
        const known = [t, from].every((i) => metric.groups[g][i] !== null || metric.groupBounds?.has(`${g} ${i}`));
        if (value === null && known) return page.words.notExact; // one is known to be at most something
        if (value === null) return lack === page.words.noData ? page.words.notKnown : lack;
        return open[g][t] ? page.words.notExact : short(value);
      },
      caption: (t) => own.title + page.words.colon + between(t),
      remainderLines(t) {
        const shown = new Set([from, t].flatMap((i) => remainderLines(page, metric, i).map(([name]) => name)));
        const parts = PARTS.filter((part) => shown.has(page.words[part]));
        /** @type {Line[]} */
        const lines = parts.map((part) => [page.words[part], moved(metric, part, from, t, text)]);
        return lines.filter(([, value]) => value);
      },
      retell(told, u, t) {
        told.slice = between(t);
        told.changes = u < 0 ? [] : [from, t].map((i) => `${page.slices[i].label}${page.words.colon}${valueText(metric, cellOf(page, metric, u, i), page.words)}`);
        if (u >= 0 && (status[u * slices + t] || bounds.get(`${u} ${t}`)?.status) === LOWER) told.status = "";
      },
      rerow(row, t) {
        row.previous = valueText(metric, cellOf(page, metric, row.u, from), page.words);
        row.first = valueText(metric, cellOf(page, metric, row.u, t), page.words);
        row.sorts.previous = metric.status[row.u * slices + from] ? metric.values[row.u * slices + from] : -Infinity;
        row.sorts.first = metric.status[row.u * slices + t] ? metric.values[row.u * slices + t] : -Infinity;
        if ((row.cell.beside ?? row.cell).status === LOWER) row.status = "";
      },
    };
    const between = (/** @type {number} */ t) =>
      fill(words.between, { from: page.slices[from].label, to: page.slices[t].label });
    const full = metric.unit === "%" ? words.points : unit;
    own.sentences = page.slices.map((_, t) => {
      if (t === from) return between(t) + page.words.stop + page.words.gap + words.same;
      const front = page.groups.flatMap((group, g) => (group.kind === "group" ? [g] : []));
      /** @type {Told[]} */
      const told = front.length
        ? front.map((g) => [page.groups[g].name, open[g][t] ? null : groups[g][t], own.groupText(g, t)])
        : farthest(own, t);
      const last = told.findLast(([, value]) => value !== null); // the unit in full, once
      const said = told.map((each) => `${each[0]} ${each[1] === null ? each[2] : short(each[1], each === last ? full : "")}`);
      return `${between(t)}${page.words.colon}${said.join(page.words.comma) || page.words.notKnown}`;
    });
    return own;
  }

  /**
   * Of a map without groups in front: what fell most and what rose most, as far as it is known by how much; else
   * what changed by an amount that is not known.
   * @param {Change} change
   * @param {number} t
   * @returns {Told[]}
   */
  function farthest(change, t) {
    const every = page.units.flatMap((unit, u) => {
      const { status, value } = cellOf(page, change, u, t).beside ?? cellOf(page, change, u, t);
      return unit.kind === "whole" || !status ? [] : [{ unit, status, value: /** @type {Scaled} */ (value) }];
    });
    const exact = every.filter(({ status }) => status !== LOWER).sort((a, b) => a.value - b.value);
    const ends = [exact[0], exact[exact.length - 1]].filter((each, i, all) => each && all.indexOf(each) === i);
    if (!ends.length) return every.slice(0, 2).map(({ unit }) => [unit.name, null, page.words.notExact]);
    const apart = ends.filter(({ value }, i) => (i ? value > 0 : value < 0 || ends.length === 1));
    return (apart.length ? apart : ends).map(({ unit, value }) => [unit.name, value, ""]);
  }

  /**
   * How a part of the whole changed; where either is a bound, by how much is not known. Rounding is nothing that
   * changes unless there is a whole in both.
   * @param {Metric} metric
   * @param {Part} part
   * @param {number} from
   * @param {number} t
   * @param {(scaled: Scaled) => string} text
   */
  function moved(metric, part, from, t, text) {
    if (![from, t].every((i) => partKnown(page, metric, part, i))) return part === "rounding" ? "" : page.words.notKnown;
    const { [part]: line, bounded, statedBounded } = metric.remainder;
    const open = { mapped: [bounded], stated: [statedBounded], unstated: [bounded, statedBounded], rounding: [] };
    const loose = open[part].some((each) => each[t] || each[from]);
    return loose ? page.words.notExact : text(less(metric, /** @type {Scaled} */ (line[t]), /** @type {Scaled} */ (line[from])));
  }
}
