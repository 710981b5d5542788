// The parts of a region in place of the map: provinces for the slice, or a snapshot of states.

import { buttonOf } from "../page/elements.js";
import { fill } from "../page/format.js";
import { labelsOf } from "../page/labels.js";
import { legendOf } from "../page/legend.js";
import { cellOf, remainderLines, valueText } from "../page/model.js";
import { describe, sparkOf, spoken, tipOf } from "../page/tip.js";
import { frameLike, paperOf, secondMap, walkable } from "./seconds.js";

/**
 * @import { Labels, Spot, Tip } from "../types"
 * @import { Inner, Modes, Now, SecondMap, ShiftApp, ShiftPage, Shown } from "./types"
 */

/**
 * @typedef {{ inner: Inner, box: HTMLElement, second: SecondMap, label: Labels, paper: ReturnType<typeof paperOf>, tip: Tip, region: number }} Parts
 */

/**
 * The parts of a region in place of the map: provinces for the slice, or a snapshot of states.
 * @param {ShiftApp} api
 * @param {Modes} modes
 * @param {Now} now
 */
export function partsOf(api, modes, now) {
  const { root, page, $, frame, theme, isDark, state, say } = api;
  const { words } = modes;
  const made = /** @type {Map<string, Parts>} */ (new Map());
  let open = /** @type {Parts | null} */ (null);
  let wished = /** @type {string | undefined} */ ("");
  const known = new Map(modes.inner.map((inner) => [inner.code, inner]));
  page.hints.push((region) => (root.dataset.mode === "levels" && known.has(page.codes[region]) ? fill(words.open, { name: page.regionNames[region] }) : ""));

  /**
   * @param {Inner} inner
   * @returns {Parts}
   */
  function make(inner) {
    const box = frameLike(frame, "gt-inner");
    $(".gt-stage").append(box);
    let label = /** @type {Labels | null} */ (null);
    const second = secondMap(box, inner.page, L.CRS.Simple, theme, isDark, () => label?.place());
    const paper = paperOf(box);
    label = labelsOf(box, inner.page, second.layer);
    const view = { inner, box, second, tip: tipOf(box), label, paper, region: -1 };
    const given = (/** @type {number} */ i) => second.looks.owners()[i] >= 0;
    walkable(root, second, box, fill(words.partsOf, { name: nameOf(inner) }), {
      given,
      first: () => ranked(inner, sliceOf(inner)).find(given) ?? 0,
      now: () => view.region,
      go: (region, spot, chosen) => tell(view, region, spot, chosen),
      leave: () => leave(),
    });
    return view;
  }

  /**
   * The slice of the parts' page that is shown.
   * @param {Inner} inner
   */
  function sliceOf(inner) {
    return inner.snapshot ? 0 : state.t;
  }

  /**
   * @param {Parts} view
   * @param {number} region
   * @param {Spot} [spot]
   * @param {boolean} [speak]
   */
  function tell(view, region, spot, speak) {
    view.region = region;
    const { second, tip, inner: { page: inner, snapshot } } = view;
    if (region < 0) {
      second.layer.mark([]);
      return tip.hide();
    }
    const t = sliceOf(view.inner);
    const u = second.looks.owners()[region];
    const text = descriptionOf(page, words, view.inner, region, u, t);
    second.layer.mark(u >= 0 && inner.units[u].kind === "aggregate" ? inner.units[u].members : [region]);
    tip.show(text, u >= 0 && !snapshot ? sparkOf(inner, inner.metrics[0], u, t) : null, spot || second.layer.spot(region));
    if (speak) say(spoken(text, page.words));
    return undefined;
  }

  const back = buttonOf("gt-button gt-back", words.back, () => leave());

  /** @param {string} code */
  function enter(code) {
    const inner = known.get(code);
    if (!inner || open) return;
    const view = made.get(code) ?? make(inner);
    made.set(code, view);
    open = view;
    api.selection.hide();
    frame.hidden = true;
    view.box.hidden = state.table;
    root.dataset.parts = code;
    view.second.map.invalidateSize({ animate: false });
    view.second.show(inner.page.metrics[0], sliceOf(inner), true);
    api.go(state.t, true);
    say(aboutOf(page, words, inner, sliceOf(inner)).join(page.words.gap));
    if (document.activeElement === $(".folium-map")) view.second.ground.focus({ preventScroll: true });
    api.remember();
  }

  /** @param {boolean} [quiet] */
  function leave(quiet) {
    if (!open) return;
    const focused = open.box.contains(document.activeElement) || back === document.activeElement;
    tell(open, -1); // who comes again begins anew
    open.box.hidden = true;
    open = null;
    delete root.dataset.parts;
    frame.hidden = state.table;
    api.map.invalidateSize({ animate: false });
    if (quiet) return;
    api.redraw();
    if (focused) $(".folium-map").focus({ preventScroll: true });
    say(words.back);
  }

  function show() {
    if (!open && wished && known.has(wished)) {
      const code = wished;
      wished = "";
      return void enter(code);
    }
    if (!open) return undefined;
    const { inner, second, label, tip, region } = open;
    const [metric] = inner.page.metrics;
    second.show(metric, sliceOf(inner));
    label.update(metric, sliceOf(inner), second.looks.joined());
    $(".gt-legend-box").replaceChildren(legendOf(inner.page, metric, isDark()));
    if (tip.shown() && region >= 0) tell(open, region);
    return undefined;
  }

  return {
    enter, leave, show,
    about: (/** @type {Inner} */ inner) => aboutOf(page, words, inner, sliceOf(inner)),
    key: () => (open ? [back] : []),
    /** @returns {Shown | null} */
    shown: () => open && { ...open.inner, slice: sliceOf(open.inner), name: nameOf(open.inner) },
    links: {
      in: {
        write: () => (open ? open.inner.code : ""),
        read(/** @type {string | undefined} */ code) {
          wished = now.mode === "levels" ? code : "";
          if (open && open.inner.code !== wished) leave(true);
          else if (open) wished = "";
        },
      },
    },
    hide(/** @type {boolean} */ hidden) {
      if (!open) return;
      frame.hidden = true;
      open.box.hidden = hidden;
    },
    restyle() {
      if (!open) return;
      open.second.show(open.inner.page.metrics[0], sliceOf(open.inner), true);
      show();
    },
    resize: () => open && open.second.map.invalidateSize({ animate: false }),
    print: () => open && open.paper(open.second.paper()),
  };
}

/** @param {Inner} inner */
function nameOf(inner) {
  return inner.page.units[inner.page.units.length - 1].name;
}

/**
 * The parts by their value, the highest first.
 * @param {Inner} inner
 * @param {number} slice
 */
function ranked(inner, slice) {
  const { codes, unitOf, metrics: [metric] } = inner.page;
  const value = (/** @type {number} */ i) => metric.values[unitOf[i] * metric.slices + slice] || 0;
  return [...codes.keys()].sort((a, b) => value(b) - value(a) || a - b);
}

/**
 * A part in words: its share of the world as on any map, and that of its region.
 * @param {ShiftPage} page
 * @param {Modes["words"]} words
 * @param {Inner} inner
 * @param {number} region
 * @param {number} u
 * @param {number} t
 */
function descriptionOf(page, words, inner, region, u, t) {
  const [world, own] = inner.page.metrics;
  const text = describe(inner.page, world, region, u, t);
  const share = u >= 0 ? cellOf(inner.page, own, u, t) : null;
  if (share?.status) text.changes = [`${fill(words.ofRegion, { name: nameOf(inner) })}${page.words.colon}${valueText(own, share, page.words)}`];
  return text;
}

/**
 * What is said of the parts under their map.
 * @param {ShiftPage} page
 * @param {Modes["words"]} words
 * @param {Inner} inner
 * @param {number} slice
 */
function aboutOf(page, words, inner, slice) {
  const name = nameOf(inner);
  const metric = page.metrics[0];
  const t = page.slices.findIndex((each) => each.iso === inner.page.slices[slice].iso);
  const u = page.unitOf[page.codes.indexOf(inner.code)];
  const { colon, comma, stop, gap } = page.words;
  const head = name + comma + page.slices[t].label + colon + valueText(metric, cellOf(page, metric, u, t), page.words) + stop;
  const own = inner.page.metrics[0];
  const whole = own.status[(inner.page.units.length - 1) * own.slices + slice];
  const lines = remainderLines(inner.page, own, slice).map(([title, value]) => `${title} ${value}`).join(comma);
  if (whole) return [`${head}${gap}${fill(words.partsEnd, { name, until: inner.until })}`];
  const dated = inner.snapshot ? fill(words.snapshotOf, { slice: inner.until }) : "";
  return [[head, dated, lines + stop].filter(Boolean).join(gap), fill(words.derived, { name }) + gap + words.doNotAdd];
}
