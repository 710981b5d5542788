// The modes of a shift: levels, difference, mean centre, flows, two slices; what each shows and how it is chosen.

import { inflate, inflateJson, reader } from "../map/decode.js";
import { element, svg } from "../page/elements.js";
import { readPage } from "../page/model.js";
import { joined } from "../page/registry.js";
import { INSET, timeScale } from "../page/scale.js";
import { polarOf } from "./centre.js";
import { changesOf } from "./changes.js";
import { drawingOf, readFlows } from "./flows.js";
import { panelOf } from "./panel.js";
import { recordOf } from "./record.js";
import { revenueOf } from "./revenue.js";
import { partsOf, twinOf } from "./seconds.js";

/**
 * @import { App, Page } from "../types"
 * @import { Handles, ModeName, Modes, Now, PackedModes, ShiftApp, ShownModes } from "./types"
 */

/**
 * What a page carries for its modes, decoded.
 * @param {string} packed
 * @param {Pick<Page, "words" | "numberFormat" | "slices">} page
 * @returns {Promise<Modes>}
 */
export async function readModes(packed, page) {
  const modes = /** @type {PackedModes} */ (await inflateJson(packed));
  const like = { words: page.words, numberFormat: page.numberFormat, groups: [], events: [] };
  const inner = await Promise.all(modes.inner.map(async (each) =>
    ({ ...each, page: named(await readPage({ ...like, ...each.page })) })));
  const pairs = readFlows(reader(await inflate(modes.flows)), page.slices.length);
  return { ...modes, inner, pairs };
}

/**
 * The largest parts are written on their map, as groups are on the world's.
 * @param {Page} page
 */
function named(page) {
  const [metric] = page.metrics;
  /** @type {(line: Float64Array | Uint8Array, u: number) => number[]} */
  const row = (line, u) => Array.from(line.subarray(u * metric.slices, (u + 1) * metric.slices));
  const highest = (/** @type {number} */ u) => Math.max(...row(metric.values, u));
  const order = page.units.flatMap((unit, u) => (unit.kind === "region" ? [u] : [])).sort((a, b) => highest(b) - highest(a));
  const chosen = order.slice(0, 6);
  page.groups = chosen.map((u) => {
    const { code, name } = page.units[u];
    return { id: code, name, kind: /** @type {const} */ ("group"), units: [u], colour: "rest" };
  });
  metric.groupStatus = chosen.map((u) => row(metric.status, u));
  metric.groups = chosen.map((u, g) => row(metric.values, u).map((value, t) => (metric.groupStatus[g][t] ? value : null)));
  return page;
}

/**
 * @param {App} app of a page with modes
 * @returns {ShownModes}
 */
export function modesOf(app) {
  const api = /** @type {ShiftApp} */ (app);
  const { root, page, map, $, state } = api;
  const modes = page.modes;
  const words = modes.words;
  const last = page.slices.length - 1;
  /** @type {Now} */
  const now = { mode: "levels", from: 0, reading: 0, band: null };
  const base = () => page.metrics[state.m];
  const paired = () => now.mode !== "levels" && now.mode !== "centre";
  const changing = () => now.mode === "difference" || now.mode === "flows";
  const changes = changesOf(page, modes);

  const switcher = radios(root, words.modes, modes.names.map((name) => [name, words[name]]), choose);
  $(".gt-bar").before(switcher.group);
  if (modes.leftOut) switcher.group.after(element("p", "gt-hint", modes.leftOut));
  const about = element("div", "gt-mode-about"); // under the map, so that this stays high on a phone
  const key = element("div", "gt-mode-key");
  $(".gt-time").before(about);
  $(".gt-legend-box").after(key);
  const handles = handlesOf(api, now, { paired, pick, swap });
  const polar = polarOf(api, modes, now);
  const drawing = drawingOf(api, modes, now, () => showOwn(state.t));
  const twin = twinOf(api, words);
  const parts = partsOf(api, modes, now);
  const panel = panelOf(api, modes, now, () => {
    api.each("banded");
    showOwn(state.t);
    api.remember();
  });
  const revenue = revenueOf(root, page, modes);
  const record = recordOf(page, modes, now, state, changes);
  const tables = element("div", "gt-mode-table");
  $(".gt-table").after(tables);

  /**
   * A choice of the reader's; two equal slices would show nothing, so one of them moves.
   * @param {ModeName} mode
   */
  function choose(mode) {
    now.mode = mode;
    parts.leave(true);
    if (paired() && now.from === state.t) {
      if (state.t === last) now.from = 0;
      else state.t = last;
    }
    arrange();
    api.redraw();
    api.say(words[mode] + page.words.stop + page.words.gap + told());
  }

  function told() {
    return metric()?.sentences[state.t] ?? $(".gt-sentence").textContent;
  }

  /** @param {number} t */
  function pick(t) {
    now.from = t;
    if (changing()) api.redraw();
    else api.go(state.t, true);
    api.remember();
  }

  function swap() {
    [now.from, state.t] = [state.t, now.from];
    api.redraw();
  }

  /** What of the page is there in this mode. */
  function arrange() {
    root.dataset.mode = now.mode;
    switcher.choose(now.mode);
    handles.root.hidden = !paired();
    handles.show(now.from, state.t);
    root.classList.toggle("gt-paired", paired());
    twin.turn(now.mode === "twin");
    polar.turn(now.mode === "centre");
    if (now.mode !== "twin") map.invalidateSize({ animate: false });
  }

  function metric() {
    return changing() ? changes(base(), now.from) : null;
  }

  /**
   * @param {number} t
   * @param {boolean} [playing]
   */
  function show(t, playing) {
    handles.show(now.from, t);
    showOwn(t, playing);
    parts.show();
  }

  /**
   * @param {number} t
   * @param {boolean} [playing]
   */
  function showOwn(t, playing) {
    drawing.draw(t);
    polar.show(base(), t);
    twin.show(base(), now.from, t);
    panel.show(t, playing);
    const lines = aboutMode();
    if (about.textContent !== lines.join("")) about.replaceChildren(...lines.map((text) => element("p", "", text)));
    const keyed = [now.mode, Boolean(parts.shown()), map.getSize().x].join(); // which costs no layout
    if (key.dataset.of !== keyed) {
      key.replaceChildren(...parts.key(), ...drawing.key());
      key.dataset.of = keyed;
    }
    if (state.table) showTables();
  }

  /** What is said of the mode, line by line. */
  function aboutMode() {
    const inner = parts.shown();
    if (inner) return parts.about(inner);
    if (changing() && now.from === state.t) return [words.same];
    if (now.mode === "twin") return [base().sentences[now.from]];
    if (now.mode === "difference") {
      const change = changes(base(), now.from);
      const said = [change.caption(state.t), change.unitNamed, words.symmetric];
      return [said.filter(Boolean).join(page.words.stop + page.words.gap)];
    }
    return now.mode === "centre" ? polar.about() : drawing.about();
  }

  function showTables() {
    tables.hidden = !state.table;
    tables.replaceChildren(...record.tables(parts.shown()));
  }

  const mode = {
    write: () => (now.mode === "levels" ? "" : now.mode),
    read(/** @type {string | undefined} */ name) {
      now.mode = modes.names.find((each) => each === name) ?? "levels";
    },
  };

  tables.hidden = true;
  return {
    metric, show, changes, links: joined({ mode }, handles.links, panel.links, parts.links), restored: arrange,
    place() {
      drawing.draw(state.t);
      twin.follow();
    },
    enter: (region) => now.mode === "levels" && parts.enter(page.codes[region]),
    bands: () => panel.bands(base()),
    viewed(asTable) {
      parts.hide(asTable);
      twin.hide(asTable);
      polar.hide(asTable);
      tables.hidden = !asTable;
      if (asTable) showTables();
    },
    csv: () => record.csv(),
    print() {
      panel.show(state.t);
      [twin, parts, polar].forEach((each) => each.print());
    },
    dress() {
      twin.restyle();
      polar.restyle();
      parts.restyle();
    },
    resize() {
      handles.show(now.from, state.t);
      twin.resize();
      polar.resize();
      parts.resize();
      revenue.draw();
    },
  };
}

/**
 * A segmented control of native radio buttons: arrow keys and screen readers know it.
 * @template {string} V
 * @param {HTMLElement} root
 * @param {string} name
 * @param {[value: V, title: string][]} choices
 * @param {(value: V) => void} chosen
 */
function radios(root, name, choices, chosen) {
  const group = element("fieldset", "gt-modes");
  group.append(element("legend", "gt-hidden", name));
  for (const [value, title] of choices) {
    const label = element("label");
    const input = element("input");
    Object.assign(input, { type: "radio", name: `${root.id}-mode`, value });
    input.addEventListener("change", () => chosen(value));
    label.append(input, element("span", "", title));
    group.append(label);
  }
  const choose = (/** @type {V} */ value) => {
    /** @type {HTMLInputElement} */ (group.querySelector(`[value="${value}"]`)).checked = true;
  };
  return { group, choose };
}

/**
 * The handle of the slice that a change counts from, above that of the slice shown, on the same scale.
 * @param {ShiftApp} app
 * @param {Now} now
 * @param {{ paired(): boolean, pick(t: number): void, swap(): void }} choices of the reader
 * @returns {Handles}
 */
function handlesOf({ root, page, $ }, now, { paired, pick, swap }) {
  const { words } = page.modes;
  const box = element("div", "gt-handles");
  const head = element("div", "gt-handle");
  const label = element("label", "", words.from + " ");
  const start = element("b");
  const range = element("input", "gt-from-range");
  const end = element("b");
  const button = element("button", "gt-button gt-swap", words.swap);
  const strip = svg("svg", { class: "gt-from-strip", "aria-hidden": "true", height: 12 });
  const track = element("div", "gt-from-box gt-screen");
  const { slices } = page;
  const centre = (/** @type {number} */ t) => Math.round((slices[t].from + slices[t].to) / 2 - slices[0].from);
  const clamp = (/** @type {number} */ t) => Math.max(0, Math.min(slices.length - 1, t));
  let from = 0;
  Object.assign(range, { type: "range", min: 0, max: slices[slices.length - 1].to - slices[0].from, step: 1, id: root.id + "-from" });
  range.setAttribute("aria-label", words.fromSlice);
  label.htmlFor = range.id;
  button.type = "button";
  button.addEventListener("click", swap);
  label.append(start);
  const to = element("span", "gt-handle-to", words.to + " ");
  to.append(end);
  head.append(label, to, button);
  track.append(strip, range);
  box.append(head, track);
  $(".gt-strip-box").before(box);

  let dragging = false;
  range.addEventListener("pointerdown", () => (dragging = true));
  for (const event of ["pointerup", "pointercancel", "blur"]) range.addEventListener(event, () => (dragging = false));
  range.addEventListener("input", () => {
    const day = Number(range.value);
    let best = 0;
    slices.forEach((_, t) => {
      if (Math.abs(centre(t) - day) < Math.abs(centre(best) - day)) best = t;
    });
    if (best === from && !dragging && day !== centre(from)) best = clamp(from + Math.sign(day - centre(from)));
    pick(best);
  });
  range.addEventListener("keydown", (event) => {
    const far = Math.max(1, Math.min(12, Math.round(slices.length / 4)));
    const next = /** @type {Record<string, number>} */ ({
      ArrowRight: from + 1, ArrowUp: from + 1, ArrowLeft: from - 1, ArrowDown: from - 1,
      PageUp: from + far, PageDown: from - far, Home: 0, End: slices.length - 1,
    })[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pick(clamp(next));
  });

  /**
   * @param {number} first
   * @param {number} t
   */
  function show(first, t) {
    if (box.hidden) return; // and the page need not be laid out for what nobody sees
    from = first;
    range.value = String(centre(first));
    range.setAttribute("aria-valuetext", slices[first].label);
    start.textContent = slices[first].label;
    end.textContent = slices[t].label;
    const width = Math.max(track.clientWidth, 120);
    const scale = timeScale(slices, width);
    const middle = (/** @type {number} */ i) => scale((slices[i].from + slices[i].to) / 2);
    const [left, right] = [middle(first), middle(t)].sort((a, b) => a - b);
    strip.setAttribute("width", String(width));
    strip.replaceChildren();
    svg("line", { x1: INSET, x2: width - INSET, y1: 6, y2: 6, class: "gt-axis" }, strip);
    svg("rect", { x: left, y: 3, width: right - left, height: 6, class: "gt-between" }, strip);
  }

  const links = {
    from: {
      write: () => (paired() ? slices[now.from].iso : ""),
      read(/** @type {string | undefined} */ iso) {
        now.from = Math.max(0, slices.findIndex((slice) => slice.iso === iso));
      },
    },
  };
  return { root: box, show, links };
}
