// Second maps in the page: the other slice beside the map, and the parts of a region in its place.

import { timeLayer } from "../map/layer.js";
import { element } from "../page/elements.js";
import { fill } from "../page/format.js";
import { WAYS, modified, walkway, zoomOf } from "../page/keyboard.js";
import { labelsOf } from "../page/labels.js";
import { legendOf } from "../page/legend.js";
import { looksOf } from "../page/looks.js";
import { cellOf, remainderLines, valueText } from "../page/model.js";
import { copyOf } from "../page/print.js";
import { describe, sparkOf, spoken, tipOf } from "../page/tip.js";

/**
 * @import { CRS, Map as LeafletMap } from "leaflet"
 * @import { Metric, Page, Spot, Theme, Tip } from "../types"
 * @import { Inner, Modes, Now, SecondMap, ShiftApp, Shown, Walk } from "./types"
 */

/**
 * @typedef {ReturnType<typeof labelsOf>} Labels
 * @typedef {ReturnType<typeof paperOf>} Paper
 * @typedef {{ box: HTMLElement, second: SecondMap, label: Labels, paper: Paper }} Twin
 * @typedef {Twin & { inner: Inner, tip: Tip, region: number }} Parts
 */

/**
 * A map of a page's own boundaries and looks, in a box beside the first.
 * @param {HTMLElement} box
 * @param {Page} page
 * @param {CRS | undefined} crs
 * @param {() => Theme} theme
 * @param {() => boolean} isDark
 * @param {() => void} moved
 * @param {(x: number, y: number) => [number, number]} [place] quantised units to pixels of zoom 0, where not the map's own
 * @returns {SecondMap}
 */
export function secondMap(box, page, crs, theme, isDark, moved, place) {
  const ground = element("div", "gt-second gt-screen");
  box.append(ground);
  const map = L.map(ground, {
    crs, center: [0, 0], zoom: 1, zoomSnap: 0, zoomDelta: 0.5, wheelPxPerZoomLevel: 120, zoomControl: false,
    attributionControl: false, keyboard: false, scrollWheelZoom: false,
  });
  const looks = looksOf(page, isDark);
  const layer = timeLayer(L, {
    geometry: page.geometry, scale: page.geo.scale, translate: page.geo.translate, bounds: page.geo.bounds,
    simple: page.geo.simple, disputed: page.geo.territories,
    outlines: page.groups.flatMap((group) => (group.outline ? [group.outline] : [])), theme, moved, place,
  });
  map.addLayer(layer);
  return {
    map, layer, looks, ground,
    show(metric, t, again) {
      if (again) looks.forget();
      layer.show(looks.style, looks.update(metric, t), looks.joined());
      if (again) layer.draw();
    },
    paper: () => layer.canvases,
  };
}

/**
 * What paints a map's canvases on its picture for paper.
 * @param {HTMLElement} box
 */
export function paperOf(box) {
  const paper = element("canvas", "gt-print");
  paper.setAttribute("aria-hidden", "true");
  box.append(paper);
  return (/** @type {HTMLCanvasElement[]} */ canvases) => copyOf(paper, canvases);
}

/**
 * The slice that is compared with, on a map that moves with the other one.
 * @param {ShiftApp} app
 * @param {Modes["words"]} words
 */
export function twinOf({ root, page, map, $, frame, theme, isDark, selection, state }, words) {
  let view = /** @type {Twin | null} */ (null); // once it was asked for
  let shown = /** @type {Twin | null} */ (null); // while it is turned on
  let told = /** @type {{ metric: Metric, from: number } | null} */ (null);
  const name = element("p", "gt-frame-name");
  const own = element("p", "gt-frame-name");
  own.hidden = true;
  frame.append(own);

  /** @returns {Twin} */
  function make() {
    const box = element("div", "gt-frame gt-twin");
    box.setAttribute("style", /** @type {string} */ (frame.getAttribute("style")));
    box.setAttribute("role", "img");
    $(".gt-stage").prepend(box);
    let label = /** @type {Labels | null} */ (null);
    const second = secondMap(box, page, map.options.crs, theme, isDark, () => label?.place());
    label = labelsOf(box, page, second.layer);
    const paper = paperOf(box);
    box.append(name);
    second.map.on("move", () => follow(second.map, map));
    second.map.on("click", (event) => selection.point(second.layer.at(event.containerPoint), second.layer.spot(Math.max(0, second.layer.at(event.containerPoint)))));
    return { box, second, label, paper };
  }

  /** @param {boolean} wanted */
  function turn(wanted) {
    if (wanted) view ??= make();
    shown = wanted ? view : null;
    if (view) view.box.hidden = !wanted || state.table;
    own.hidden = !wanted;
    root.classList.toggle("gt-twinned", wanted);
    resize();
  }

  let following = false;

  /**
   * @param {LeafletMap} first
   * @param {LeafletMap} other
   */
  function follow(first, other) {
    if (!shown || following) return;
    following = true;
    other.setView(first.getCenter(), first.getZoom(), { animate: false });
    following = false;
  }

  /**
   * @param {Metric} metric
   * @param {number} from
   * @param {number} t
   */
  function show(metric, from, t) {
    if (!shown) return;
    const { box, second, label } = shown;
    second.show(metric, from);
    label.update(metric, from, second.looks.joined());
    name.textContent = page.slices[from].label;
    own.textContent = page.slices[t].label;
    box.setAttribute("aria-label", `${words.from} ${metric.sentences[from]}`);
    told = { metric, from };
  }

  // In the tooltip of one map the figure of the other.
  page.hints.push((region) => {
    const u = shown && told ? shown.second.looks.owners()[region] : -1;
    if (u < 0 || !told) return "";
    const { metric, from } = told;
    const value = valueText(metric, cellOf(page, metric, u, from), page.words);
    return `${words.from} ${page.slices[from].label}${page.words.colon}${value}`;
  });

  function resize() {
    if (!shown || shown.box.hidden) return;
    const other = shown.second.map;
    following = true; // each fits itself into its new frame
    for (const each of [map, other]) each.invalidateSize({ animate: false });
    following = false;
    follow(map, other);
  }

  return {
    turn, show, resize,
    follow: () => shown && follow(map, shown.second.map),
    hide(/** @type {boolean} */ hidden) {
      if (shown) shown.box.hidden = hidden;
    },
    restyle() {
      if (!view) return;
      view.second.looks.forget();
      view.second.layer.dress();
    },
    print: () => shown && shown.paper(shown.second.paper()),
  };
}

/**
 * Pointer and keys of a map that stands in place of the first: as there, arrows walk and Escape leaves.
 * @param {HTMLElement} root
 * @param {SecondMap} second
 * @param {HTMLElement} box
 * @param {string} name
 * @param {Walk} at
 */
export function walkable(root, { map, layer, ground }, box, name, at) {
  walkway(ground, name, root);
  box.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons || /** @type {Element} */ (event.target).closest("button")) return;
    const frame = box.getBoundingClientRect();
    const spot = { x: event.clientX - frame.left, y: event.clientY - frame.top };
    const region = layer.at(spot);
    layer.mark(region < 0 ? [] : [region]);
    at.go(region, spot);
  });
  box.addEventListener("pointerleave", () => at.go(-1));
  map.on("click", (event) => at.go(layer.at(event.containerPoint), event.containerPoint, true));
  ground.addEventListener("keydown", (event) => {
    const zoom = zoomOf(event.key);
    const leaving = event.key === "Escape";
    if ((!zoom && !leaving && !(event.key in WAYS)) || modified(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (leaving) return void at.leave();
    if (zoom) return void map.setZoom(map.getZoom() + zoom);
    const way = WAYS[/** @type {keyof typeof WAYS} */ (event.key)];
    const next = at.now() < 0 ? at.first() : layer.neighbour(at.now(), ...way, at.given);
    const region = next < 0 ? at.now() : next;
    layer.mark([region]);
    at.go(region, layer.spot(region), true);
  });
}

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
    const box = element("div", "gt-frame gt-inner");
    box.setAttribute("style", /** @type {string} */ (frame.getAttribute("style")));
    $(".gt-stage").append(box);
    let label = /** @type {Labels | null} */ (null);
    const second = secondMap(box, inner.page, L.CRS.Simple, theme, isDark, () => label?.place());
    const paper = paperOf(box);
    label = labelsOf(box, inner.page, second.layer);
    const tip = tipOf(box);
    const view = { inner, box, second, tip, label, paper, region: -1 };
    const given = (/** @type {number} */ i) => second.looks.owners()[i] >= 0;
    walkable(root, second, box, fill(words.partsOf, { name: nameOf(inner) }), {
      given,
      first: () => ranked(inner).find(given) ?? 0,
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
    const text = describe(inner, inner.metrics[0], region, u, t);
    const share = u >= 0 ? cellOf(inner, inner.metrics[1], u, t) : null;
    if (share?.status) text.changes = [`${fill(words.ofRegion, { name: nameOf(view.inner) })}${page.words.colon}${valueText(inner.metrics[1], share, page.words)}`];
    second.layer.mark(u >= 0 && inner.units[u].kind === "aggregate" ? inner.units[u].members : [region]);
    tip.show(text, u >= 0 && !snapshot ? sparkOf(inner, inner.metrics[0], u, t) : null, spot || second.layer.spot(region));
    if (speak) say(spoken(text, page.words));
    return undefined;
  }

  /**
   * The parts by their value, the highest first.
   * @param {Inner} inner
   */
  function ranked(inner) {
    const { codes, unitOf, metrics: [metric] } = inner.page;
    const value = (/** @type {number} */ i) => metric.values[unitOf[i] * metric.slices + sliceOf(inner)] || 0;
    return [...codes.keys()].sort((a, b) => value(b) - value(a) || a - b);
  }

  const back = element("button", "gt-button gt-back", words.back);
  back.type = "button";
  back.addEventListener("click", () => leave());

  /** @param {Inner} inner */
  const nameOf = (inner) => inner.page.units[inner.page.units.length - 1].name;

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
    say(about(inner).join(page.words.gap));
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

  /**
   * What is said of the parts under their map.
   * @param {Inner} inner
   */
  function about(inner) {
    const name = nameOf(inner);
    const metric = page.metrics[0];
    const t = page.slices.findIndex((each) => each.iso === inner.page.slices[sliceOf(inner)].iso);
    const u = page.unitOf[page.codes.indexOf(inner.code)];
    const { colon, comma, stop, gap } = page.words;
    const head = name + comma + page.slices[t].label + colon + valueText(metric, cellOf(page, metric, u, t), page.words) + stop;
    const own = inner.page.metrics[0];
    const whole = own.status[(inner.page.units.length - 1) * own.slices + sliceOf(inner)];
    const lines = remainderLines(inner.page, own, sliceOf(inner)).map(([title, value]) => `${title} ${value}`).join(comma);
    if (whole) return [`${head}${gap}${fill(words.partsEnd, { name, until: inner.until })}`];
    const dated = inner.snapshot ? fill(words.snapshotOf, { slice: inner.until }) : "";
    return [[head, dated, lines + stop].filter(Boolean).join(gap), fill(words.derived, { name }) + gap + words.doNotAdd];
  }

  return {
    enter, leave, show, about,
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
