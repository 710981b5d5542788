// The modes of a shift: levels, difference, mean centre, flows, two slices; what each shows and how it is chosen.

import { inflate, inflateJson, reader } from "../map/decode.js";
import { element } from "../page/elements.js";
import { readPage } from "../page/model.js";
import { joined } from "../page/registry.js";
import { polarOf } from "./centre.js";
import { changesOf } from "./changes.js";
import { handlesOf, radios } from "./choices.js";
import { drawingOf, readFlows } from "./flows.js";
import { panelOf } from "./panel.js";
import { partsOf } from "./parts.js";
import { recordOf } from "./record.js";
import { revenueOf } from "./revenue.js";
import { twinOf } from "./seconds.js";
import { sheetsOf } from "./sheets.js";

/**
 * @import { App, Page } from "../types"
 * @import { Change, Links, ModeName, Modes, Now, PackedModes, ShiftApp, ShiftPage, ShownModes } from "./types"
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
  const handles = handlesOf(api, now, { paired, pick, swap });
  const polar = polarOf(api, modes, now);
  const drawing = drawingOf(api, modes, now, () => showOwn(state.t));
  const twin = twinOf(api, words);
  const parts = partsOf(api, modes, now);
  const views = [twin, polar, parts]; // in the place of the first map, or beside it
  const panel = panelOf(api, modes, now, () => {
    api.each("banded");
    showOwn(state.t);
    api.remember();
  });
  const revenue = revenueOf(root, page, modes);
  const csv = recordOf(page, modes, now, state, changes);
  const sheets = sheetsOf(page, modes, now, state, changes);
  const around = aroundOf(api, {
    about: aboutMode,
    key: () => [...parts.key(), ...drawing.key()],
    keyed: () => [now.mode, Boolean(parts.shown()), map.getSize().x].join(), // which costs no layout
    tables: () => sheets(parts.shown()),
  });

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
    around.show();
  }

  /** What is said of the mode, line by line. */
  function aboutMode() {
    const inner = parts.shown();
    if (inner) return parts.about(inner);
    if (changing() && now.from === state.t) return [words.same];
    if (now.mode === "twin") return [base().sentences[now.from]];
    if (now.mode === "difference") return [aboutChange(page, changes(base(), now.from), state.t)];
    return now.mode === "centre" ? polar.about() : drawing.about();
  }

  return {
    metric, show, csv, changes, links: joined(linksOf(modes, now), handles.links, panel.links, parts.links), restored: arrange,
    place() {
      drawing.draw(state.t);
      twin.follow();
    },
    enter: (region) => now.mode === "levels" && parts.enter(page.codes[region]),
    bands: () => panel.bands(base()),
    viewed(asTable) {
      views.forEach((each) => each.hide(asTable));
      around.viewed();
    },
    print() {
      panel.show(state.t);
      views.forEach((each) => each.print());
    },
    dress() {
      views.forEach((each) => each.restyle());
    },
    resize() {
      handles.show(now.from, state.t);
      views.forEach((each) => each.resize());
      revenue.draw();
    },
  };
}

/**
 * @param {ShiftPage} page
 * @param {Change} change
 * @param {number} t
 */
function aboutChange({ words, modes }, change, t) {
  return [change.caption(t), change.unitNamed, modes.words.symmetric].filter(Boolean).join(words.stop + words.gap);
}

/**
 * The mode in the permalink.
 * @param {Modes} modes
 * @param {Now} now
 * @returns {Links}
 */
function linksOf(modes, now) {
  return {
    mode: {
      write: () => (now.mode === "levels" ? "" : now.mode),
      read(name) {
        now.mode = modes.names.find((each) => each === name) ?? "levels";
      },
    },
  };
}

/**
 * What stands around the map in a mode: what is said of it, its key, its tables.
 * @param {ShiftApp} app
 * @param {{ about(): string[], key(): Node[], keyed(): string, tables(): Node[] }} told keyed: what the key hangs on
 */
function aroundOf({ $, state }, told) {
  const about = element("div", "gt-mode-about"); // under the map, so that this stays high on a phone
  const key = element("div", "gt-mode-key");
  const tables = element("div", "gt-mode-table");
  $(".gt-time").before(about);
  $(".gt-legend-box").after(key);
  $(".gt-table")?.after(tables);
  tables.hidden = true;

  function show() {
    const lines = told.about();
    if (about.textContent !== lines.join("")) about.replaceChildren(...lines.map((text) => element("p", "", text)));
    const keyed = told.keyed();
    if (key.dataset.of !== keyed) {
      key.replaceChildren(...told.key());
      key.dataset.of = keyed;
    }
    if (state.table) viewed();
  }

  function viewed() {
    tables.hidden = !state.table;
    if (state.table) tables.replaceChildren(...told.tables());
  }

  return { show, viewed };
}
