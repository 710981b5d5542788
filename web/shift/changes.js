// The change of every figure since a chosen slice, as a metric of its own: map, legend, tooltip and table read it
// like any other. To minus from, at the source's own precision; missing in either slice is missing.

import { AT_MOST, LOWER, changeUnit, changed, fill } from "../page/format.js";
import { STATUS, cellOf, less, remainderLines, valueText } from "../page/model.js";

export function changesOf(page, modes) {
  const words = modes.words;
  const kept = new Map();

  return (metric, from) => {
    const key = metric.id + from;
    if (!kept.has(key)) kept.set(key, made(metric, from));
    return kept.get(key);
  };

  function made(metric, from) {
    const { slices } = metric;
    const values = new Float64Array(metric.values.length);
    const status = new Uint8Array(values.length);
    page.units.forEach((_, u) => {
      for (let t = 0; t < slices; t++) {
        const [was, is] = [u * slices + from, u * slices + t];
        if (!metric.status[was] || !metric.status[is]) continue;
        values[is] = less(metric, metric.values[is], metric.values[was]);
        status[is] = metric.status[was] === LOWER || metric.status[is] === LOWER ? LOWER : STATUS.indexOf("derived");
      }
    });
    const loose = (each) => each === LOWER || each === AT_MOST; // at least, or at most
    const known = (a, b) => a !== null && b !== null;
    const groups = metric.groups.map((line) => line.map((value) => (known(value, line[from]) ? less(metric, value, line[from]) : null)));
    const open = metric.groupStatus.map((line) => line.map((each) => loose(each) || loose(line[from])));
    const unit = changeUnit(metric.unitShown, metric.style);
    const text = (scaled, shown = unit) => changed(scaled, { ...metric, unit: shown });
    const { light, dark } = modes.changes[page.metrics.indexOf(metric)];
    const own = {
      ...metric, base: metric, values, status, groups, groupStatus: metric.groupStatus,
      title: fill(words.changeOf, { metric: metric.title }), unit: metric.unit === "%" ? "points" : metric.unit, unitShown: unit,
      breaks: modes.changes[page.metrics.indexOf(metric)], light, dark,
      ceilings: null, groupCeilings: null, boundLegend: words.notExactLegend, hasBounds: status.includes(LOWER), sliceNotes: {},
      titles: (t) => ({ value: words.change, previous: page.slices[from].label, first: page.slices[t].label }),
      valueText: (cell) => (!cell.status ? page.words.notKnown : cell.status === LOWER ? page.words.notExact : text(cell.value)),
      groupText(g, t) {
        const lack = metric.lacks?.[g] ?? page.words.noData;
        if (groups[g][t] === null) return lack === page.words.noData ? page.words.notKnown : lack;
        return open[g][t] ? page.words.notExact : text(groups[g][t]);
      },
      caption: (t) => own.title + page.words.colon + between(t),
      remainderLines: (t) => remainderLines(page, metric, t).map(([name]) => [name, moved(metric, name, from, t, text)]).filter(([, value]) => value),
      retell(told, u, t) {
        told.slice = between(t);
        told.changes = u < 0 ? [] : [from, t].map((i) => `${page.slices[i].label}${page.words.colon}${valueText(metric, cellOf(page, metric, u, i), page.words)}`);
        if (u >= 0 && status[u * slices + t] !== 4) told.status = "";
      },
      rerow(row, t) {
        row.previous = valueText(metric, cellOf(page, metric, row.u, from), page.words);
        row.first = valueText(metric, cellOf(page, metric, row.u, t), page.words);
        row.sorts.previous = metric.status[row.u * slices + from] ? metric.values[row.u * slices + from] : -Infinity;
        row.sorts.first = metric.status[row.u * slices + t] ? metric.values[row.u * slices + t] : -Infinity;
        if (row.cell.status === LOWER) row.status = "";
      },
    };
    const between = (t) => fill(words.between, { from: page.slices[from].label, to: page.slices[t].label });
    const full = metric.unit === "%" ? words.points : unit;
    own.unitNamed = metric.unit === "%" ? words.amount : unit;
    own.sentences = page.slices.map((_, t) => {
      if (t === from) return between(t) + page.words.stop + page.words.gap + words.same;
      const told = page.groups.flatMap((group, g) => (group.rest ? [] : [g]));
      const exact = (g) => groups[g][t] !== null && !open[g][t];
      const last = told.findLast(exact); // the unit in full, once
      const value = (g) => (exact(g) ? text(groups[g][t], g === last ? full : "") : own.groupText(g, t));
      return `${between(t)}${page.words.colon}${told.map((g) => `${page.groups[g].name} ${value(g)}`).join(page.words.comma)}`;
    });
    return own;
  }

  // How a line of the sum changed; where either is a bound, by how much is not known.
  function moved(metric, name, from, t, text) {
    const keys = { [page.words.mapped]: "mapped", [page.words.stated]: "stated", [page.words.unstated]: "unstated", [page.words.rounding]: "rounding" };
    const line = metric.remainder[keys[name]];
    if (!line || line[t] === null || line[from] === null) return "";
    const loose = metric.remainder.bounded[t] || metric.remainder.bounded[from];
    return loose && keys[name] !== "rounding" ? page.words.notExact : text(less(metric, line[t], line[from]));
  }
}
