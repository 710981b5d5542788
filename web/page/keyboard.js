// The map by keyboard. One tab stop; arrows walk to the neighbour that way, Home and End to the highest and the lowest.

/** @import { Map as LeafletMap } from "leaflet" */
/** @import { App, Spot } from "../types.d.ts" */

/**
 * Keys that walk, and which way.
 * @type {Record<string, [dx: number, dy: number]>}
 */
export const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Whether the key belongs to the browser or the system.
 * @param {KeyboardEvent} event
 * @returns {boolean}
 */
export function modified(event) {
  return event.altKey || event.ctrlKey || event.metaKey;
}

/**
 * Half a step of the map's zoom, or 0 where a key is for something else.
 * @param {string} key
 * @returns {number}
 */
export function zoomOf(key) {
  return /** @type {Record<string, number>} */ ({ "+": 0.5, "=": 0.5, "-": -0.5 })[key] ?? 0;
}

/**
 * An element that takes the keys of a map.
 * @param {HTMLElement} place
 * @param {string} name
 * @param {HTMLElement} root
 * @returns {void}
 */
export function walkway(place, name, root) {
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", name);
  place.setAttribute("aria-describedby", root.id + "-help");
}

/**
 * Listens for the keys of a map.
 * @param {App} app
 * @returns {void}
 */
export function keyboardOf(app) {
  const { root, page, map, layer, selection } = app;
  const place = app.$(".folium-map");
  walkway(place, page.words.mapLabel + page.words.colon + page.title, root);

  place.addEventListener("keydown", (event) => {
    if (event.target !== place || modified(event)) return;
    const zoom = zoomOf(event.key);
    if (zoom) {
      event.preventDefault();
      map.setZoom(map.getZoom() + zoom);
      return;
    }
    const region = walk(app, event.key);
    if (region === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (region === -1) selection.leave();
    else {
      bring(map, layer.spot(region));
      selection.point(region);
      if (event.key === "Enter") app.shift?.enter(region);
    }
  });
  place.addEventListener("blur", () => setTimeout(() => root.contains(document.activeElement) || selection.tip.hide(), 0));
}

/**
 * The region that a key leads to; -1 leaves the one chosen, null is no such key.
 * @param {App} app
 * @param {string} key
 */
function walk(app, key) {
  const { state } = app;
  if (key === "Escape") return state.region >= 0 ? -1 : null;
  const order = ranked(app);
  if (key === "PageDown" || key === "PageUp") return beside(order, state.region, key === "PageDown" ? 1 : -1);
  if (key === "Home" || key === "End") return order[key === "Home" ? 0 : order.length - 1] ?? null;
  const highest = order[0] ?? 0;
  if (key in WAYS) return state.region < 0 ? highest : neighbour(app, WAYS[key]);
  return key === "Enter" || key === " " ? Math.max(state.region, highest) : null;
}

/**
 * The region that way of the one chosen, which stays where there is none.
 * @param {App} app
 * @param {[dx: number, dy: number]} way
 */
function neighbour({ layer, state }, way) {
  const next = layer.neighbour(state.region, ...way, (i) => layer.drawn(i));
  return next < 0 ? state.region : next;
}

/**
 * The region whose value is next below or above.
 * @param {number[]} order
 * @param {number} region
 * @param {number} step
 */
function beside(order, region, step) {
  const at = order.indexOf(region);
  return order[Math.max(0, Math.min(order.length - 1, at < 0 ? 0 : at + step))] ?? null;
}

/**
 * Regions with a value, highest first.
 * @param {App} app
 */
function ranked({ looks, metric, state }) {
  const owners = looks.owners();
  const { values, status, slices } = metric();
  /** @param {number} i */
  const value = (i) => values[owners[i] * slices + state.t];
  return [...owners.keys()]
    .filter((i) => owners[i] >= 0 && status[owners[i] * slices + state.t])
    .sort((a, b) => value(b) - value(a) || a - b);
}

/**
 * A region outside the frame is brought into it.
 * @param {LeafletMap} map
 * @param {Spot} spot
 */
function bring(map, spot) {
  const size = map.getSize();
  if (spot.x < 0 || spot.y < 0 || spot.x > size.x || spot.y > size.y) {
    map.panBy([spot.x - size.x / 2, spot.y - size.y / 2], { animate: false });
  }
}
