// What is said of one region: a panel of text nodes and a small history line.

import { element, svg } from "./elements.js";
import { fill } from "./format.js";
import { cellOf, changeText, firstOf, valueText } from "./model.js";
import { timeScale } from "./scale.js";

// The lines about a region, as plain text: the tooltip shows them, the live region speaks them.
export function describe(page, metric, region, u, t) {
  const words = page.words;
  const unit = u >= 0 ? page.units[u] : null;
  const whole = unit && unit.kind === "aggregate"; // a figure of many: never said of one country
  const part = unit && !whole && region !== unit.members[0]; // land that shows the figure of its country
  const name = unit && !part ? unit.name : page.regionNames[region]; // as in the table
  const slice = page.slices[t].label;
  const text = { name, slice, value: words.noData, status: "", changes: [], notes: [], source: "", within: "" };
  const code = page.codes[region];
  const dispute = Object.hasOwn(page.geo.disputed, code) ? page.geo.disputed[code] : ""; // a code may be "constructor"
  if (unit) {
    const cell = cellOf(page, metric, u, t);
    text.value = valueText(metric, cell, words);
    text.status = cell.said;
    if (cell.origin) text.source = cell.origin.publisher;
    if (cell.note) text.notes.push(cell.note);
    if (cell.status) {
      const first = firstOf(metric, u);
      const since = first < t - 1 ? [[t - 1, "sincePrevious"], [first, "sinceFirst"]] : [[t - 1, "sincePrevious"]];
      for (const [from, key] of since) {
        const change = changeText(page, metric, u, from, t);
        if (change) text.changes.push(fill(words[key], { change, period: page.slices[from].label }));
      }
    }
    if (whole) text.within = fill(words.notSplit, { name: page.regionNames[region] });
    else if (part) text.within = fill(words.partOf, { name: unit.name });
    else if (unit.label && unit.label !== name) text.notes.push(fill(words.writtenAs, { label: unit.label }));
  } else {
    text.notes.push(words.notListed);
  }
  if (dispute) text.notes.push(dispute);
  metric.retell?.(text, u, t);
  const hint = page.hint?.(region);
  if (hint) text.notes.push(hint);
  return text;
}

export function spoken(text, words) {
  return [text.name, text.value, text.within, text.status, text.slice, ...text.changes, ...text.notes].filter(Boolean).map((part) => (part.endsWith(words.stop) ? part.slice(0, -words.stop.length) : part)).join(words.stop + words.gap);
}

// Over the map where there is room; under it on a phone, so that it hides nothing and is never cut.
export function tipOf(frame) {
  const box = element("div", "gt-tip");
  box.hidden = true;
  frame.after(box);

  function show(text, spark, spot) {
    box.replaceChildren(element("div", "gt-tip-name", text.name));
    const value = element("div", "gt-tip-value", text.value);
    if (text.status) value.append(" ", element("span", "gt-tip-status", text.status));
    if (text.within) value.append(element("div", "gt-tip-within", text.within));
    box.append(value, element("div", "gt-tip-slice", text.slice));
    if (spark) box.append(spark);
    for (const line of text.changes) box.append(element("div", "gt-tip-change", line));
    for (const line of text.notes) box.append(element("div", "gt-tip-note", line));
    if (text.source) box.append(element("div", "gt-tip-source", text.source));
    box.hidden = false;
    place(spot);
  }

  function place(spot) {
    const width = frame.clientWidth;
    const small = width < 560;
    box.classList.toggle("gt-docked", small);
    if (small) {
      box.style.left = box.style.top = "";
      return;
    }
    const x = spot.x + 14 + box.offsetWidth > width ? spot.x - 14 - box.offsetWidth : spot.x + 14;
    const y = Math.min(spot.y + 14, frame.clientHeight - box.offsetHeight - 4);
    box.style.left = frame.offsetLeft + Math.max(4, x) + "px";
    box.style.top = frame.offsetTop + Math.max(4, y) + "px";
  }

  return { show, hide: () => (box.hidden = true), shown: () => !box.hidden };
}

// A unit's history: broken where there is no value, a dot at the slice shown.
export function sparkOf(page, metric, u, t) {
  const width = 150;
  const height = 34;
  const scale = timeScale(page.slices, width);
  let top = 0;
  for (let i = 0; i < metric.slices; i++) if (metric.status[u * metric.slices + i]) top = Math.max(top, metric.values[u * metric.slices + i]);
  const root = svg("svg", { class: "gt-spark", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
  const y = (v) => height - 4 - (top ? v / top : 0) * (height - 8);
  let line = "";
  page.slices.forEach((slice, i) => {
    const at = u * metric.slices + i;
    if (!metric.status[at]) return;
    const joined = i && metric.status[at - 1] && page.slices[i - 1].to === slice.from;
    line += `${joined ? "L" : "M"}${scale((slice.from + slice.to) / 2).toFixed(1)} ${y(metric.values[at]).toFixed(1)}`;
    if (!joined) line += "h.01";
  });
  svg("line", { x1: 0, x2: width, y1: height - 3.5, y2: height - 3.5, class: "gt-axis" }, root);
  svg("path", { d: line, class: "gt-spark-line" }, root);
  const at = u * metric.slices + t;
  const slice = page.slices[t];
  if (metric.status[at]) svg("circle", { cx: scale((slice.from + slice.to) / 2), cy: y(metric.values[at]), r: 3, class: "gt-spark-now" }, root);
  return root;
}
