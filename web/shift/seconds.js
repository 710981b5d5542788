// Second maps in the page, and the one of the other slice beside the map.

import { timeLayer } from "../map/layer.js";
import { element } from "../page/elements.js";
import { WAYS, modified, walkway, zoomOf } from "../page/keyboard.js";
import { labelsOf } from "../page/labels.js";
import { drawnOf, looksOf } from "../page/looks.js";
import { cellOf, valueText } from "../page/model.js";
import { copyOf } from "../page/print.js";

/**
 * @import { CRS, Map as LeafletMap } from "leaflet"
 * @import { Labels, Metric, Page, Theme } from "../types"
 * @import { Modes, SecondMap, ShiftApp, Walk } from "./types"
 */

/**
 * @typedef {ReturnType<typeof paperOf>} Paper
 * @typedef {{ box: HTMLElement, second: SecondMap, label: Labels, paper: Paper }} Twin
 */

/**
 * An empty frame as large as the first.
 * @param {HTMLElement} frame
 * @param {string} className
 */
export function frameLike(frame, className) {
  const box = element("div", "gt-frame " + className);
  box.setAttribute("style", /** @type {string} */ (frame.getAttribute("style")));
  return box;
}

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
  const layer = timeLayer(L, { ...drawnOf(page), theme, moved, place });
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
    const box = frameLike(frame, "gt-twin");
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
