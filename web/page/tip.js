// What is said of one region: a panel of text nodes and a small history line.

import { element, svg } from "./elements.js";
import { fill } from "./format.js";
import { cellOf, changeText, firstOf, valueText } from "./model.js";
import { timeScale } from "./scale.js";

/** @import { Description, Metric, Page, Spot, Tip, Unit, Words } from "../types.d.ts" */

/**
 * The lines about a region, as plain text: the tooltip shows them, the live region speaks them.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} region
 * @param {number} u the unit that speaks for it, or -1
 * @param {number} t
 * @returns {Description}
 */
export function describe(page, metric, region, u, t) {
  const { words, codes, regionNames, slices } = page;
  /** @type {Description} */
  const text = {
    name: regionNames[region], slice: slices[t].label, value: words.noData,
    status: "", changes: [], notes: [], source: "", within: "",
  };
  if (u >= 0) {
    tellFigure(text, page, metric, u, t);
    tellPlace(text, page, page.units[u], region);
  } else {
    text.notes.push(words.notListed);
  }
  const { disputed } = page.geo;
  const dispute = Object.hasOwn(disputed, codes[region]) && disputed[codes[region]]; // a code may be "constructor"
  if (dispute) text.notes.push(dispute);
  metric.retell?.(text, u, t);
  text.notes.push(...page.hints.map((hint) => hint(region)).filter(Boolean));
  return text;
}

/**
 * The figure of a unit: its changes, where it comes from, what is noted of it.
 * @param {Description} text
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} u
 * @param {number} t
 */
function tellFigure(text, page, metric, u, t) {
  const cell = cellOf(page, metric, u, t);
  text.value = valueText(metric, cell, page.words);
  text.status = cell.said;
  if (cell.origin) text.source = cell.origin.publisher;
  if (cell.note) text.notes.push(cell.note);
  if (!cell.status) return;
  const first = firstOf(metric, u);
  /** @type {[from: number, key: string][]} */
  const since = first < t - 1 ? [[t - 1, "sincePrevious"], [first, "sinceFirst"]] : [[t - 1, "sincePrevious"]];
  for (const [from, key] of since) {
    const change = changeText(page, metric, u, from, t);
    if (change) text.changes.push(fill(page.words[key], { change, period: page.slices[from].label }));
  }
}

/**
 * Whose figure it is, by the name that it has in the table.
 * @param {Description} text
 * @param {Page} page
 * @param {Unit} unit
 * @param {number} region
 */
function tellPlace(text, page, { kind, name, label, members }, region) {
  const { words } = page;
  if (kind === "aggregate") { // a figure of many: never said of one country
    text.name = name;
    text.within = fill(words.notSplit, { name: page.regionNames[region] });
  } else if (region !== members[0]) { // land that shows the figure of its country
    text.within = fill(words.partOf, { name });
  } else {
    text.name = name;
    if (label && label !== name) text.notes.push(fill(words.writtenAs, { label }));
  }
}

/**
 * The lines about a region as one text, to be heard.
 * @param {Description} text
 * @param {Words} words
 * @returns {string}
 */
export function spoken(text, words) {
  const { name, value, within, status, slice, changes, notes } = text;
  const parts = [name, value, within, status, slice, ...changes, ...notes].filter(Boolean);
  const open = parts.map((part) => (part.endsWith(words.stop) ? part.slice(0, -words.stop.length) : part));
  return open.join(words.stop + words.gap);
}

/**
 * Over the map where there is room; under it on a phone, so that it hides nothing and is never cut.
 * @param {HTMLElement} frame
 * @returns {Tip}
 */
export function tipOf(frame) {
  const box = element("div", "gt-tip gt-screen");
  box.hidden = true;
  frame.after(box);

  /**
   * @param {Description} text
   * @param {Element | null} spark
   * @param {Spot} spot
   */
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

  /** @param {Spot} spot */
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

/**
 * A unit's history: broken where there is no value, a dot at the slice shown.
 * @param {Page} page
 * @param {Metric} metric
 * @param {number} u
 * @param {number} t
 * @returns {SVGElement}
 */
export function sparkOf(page, metric, u, t) {
  const width = 150;
  const height = 34;
  const scale = timeScale(page.slices, width);
  let top = 0;
  for (let i = 0; i < metric.slices; i++) if (metric.status[u * metric.slices + i]) top = Math.max(top, metric.values[u * metric.slices + i]);
  const root = svg("svg", { class: "gt-spark", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
  /** @param {number} v */
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
