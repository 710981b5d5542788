// What others add to a page (folium's plugins, layers of somebody's own) may fail, or never arrive: the map goes
// on without it, and says so.

import { fill } from "./format.js";

/** @import { Map as LeafletMap } from "leaflet" */

/**
 * What is Leaflet's own of a map, and not in its types: what its `fire` works with.
 * @typedef {object} Private
 * @property {(type: string, propagate?: boolean) => boolean} listens
 * @property {Record<string, { fn(event: object): void, ctx?: object, once?: boolean }[]>} [_events]
 * @property {number} [_firingCount]
 * @property {(event: object) => void} _propagateEvent
 */

/** @typedef {LeafletMap & Private} Inside */

/**
 * What became of the parts of a map's page: which scripts are done, the files that are lost, and how that is said.
 * @typedef {{ done: Set<number>, lost: string[], say: ((files: string[]) => string) | null }} Parts
 */

/**
 * The element of an id that has no map yet: of two blocks of one map each gets its own.
 * @param {string} id
 * @returns {HTMLElement | string}
 */
export function place(id) {
  /** @type {NodeListOf<HTMLElement & { _leaflet_id?: number }>} by which Leaflet knows an element that has a map */
  const nodes = document.querySelectorAll(`[id="${CSS.escape(id)}"]`);
  return [...nodes].find((node) => !node._leaflet_id) ?? id;
}

/**
 * The very same map may stand twice in a page: the later one takes names of its own, so that labels, radio
 * buttons and permalinks stay apart. Returns what its names have at their ends.
 * @param {HTMLElement} root
 * @returns {string}
 */
export function distinct(root) {
  const own = root.id;
  if (document.getElementById(own) === root) return "";
  let n = 2;
  while (document.getElementById(`${own}-${n}`)) n++;
  /** @param {string} word */
  const renamed = (word) => (word === own || word.startsWith(own + "-") ? `${own}-${n}${word.slice(own.length)}` : word);
  const names = ["id", "name", "for", "aria-labelledby", "aria-describedby", "aria-controls"];
  for (const node of [root, ...root.querySelectorAll(names.map((name) => `[${name}]`).join())]) {
    for (const name of names) {
      const value = node.getAttribute(name);
      if (value) node.setAttribute(name, value.split(" ").map(renamed).join(" "));
    }
  }
  /** @type {HTMLElement} */ (root.querySelector(".folium-map")).id += `-${n}`;
  return `-${n}`;
}

/**
 * Keeps faults of others off a map. Leaflet calls the listeners of an event one after the other, and an error
 * ends the round, and what set it off: whoever listens here fails for himself. And a map that is hidden, behind
 * its table, keeps its size: some layers cannot be drawn on nothing.
 * @param {LeafletMap} map
 * @returns {void}
 */
export function guard(map) {
  const measure = map.invalidateSize;
  map.invalidateSize = function (options) {
    const { clientWidth, clientHeight } = this.getContainer();
    return clientWidth && clientHeight ? measure.call(this, options) : this;
  };
  const own = /** @type {Inside} */ (map);
  /** @type {(type: string, data?: { sourceTarget?: object }, propagate?: boolean) => LeafletMap} */
  map.fire = (type, data, propagate) => {
    if (!own.listens(type, propagate)) return map;
    const event = { ...data, type, target: own, sourceTarget: data?.sourceTarget || own };
    const listeners = own._events?.[type] || [];
    own._firingCount = (own._firingCount || 0) + 1; // Leaflet's own count, by which it removes listeners
    for (let i = 0, count = listeners.length; i < count; i++) {
      const { fn, ctx, once } = listeners[i];
      if (once) own.off(type, fn, ctx);
      try {
        fn.call(ctx || own, event);
      } catch (error) {
        setTimeout(() => { throw error; }); // to the console, as any other
      }
    }
    own._firingCount--;
    if (propagate) own._propagateEvent(event);
    return map;
  };
}

/**
 * Leaflet and its plugins speak English: the titles of their buttons become those of the page's language.
 * @param {LeafletMap} map
 * @param {Record<string, string>} [titles]
 * @returns {void}
 */
export function speak(map, titles) {
  if (!titles) return;
  /** @param {Element} node */
  const tell = (node) => {
    for (const name of ["title", "aria-label", "alt", "placeholder"]) {
      const own = /** @type {string} */ (node.getAttribute(name)); // null is no title's name
      if (Object.hasOwn(titles, own)) node.setAttribute(name, titles[own]);
    }
  };
  /** @param {Element} root */
  const all = (root) => [root, ...root.querySelectorAll("*")].forEach(tell);
  const seen = new MutationObserver((changes) => changes.forEach(({ target }) => all(/** @type {Element} */ (target))));
  const inside = map.getContainer();
  for (const name of [".leaflet-control-container", ".leaflet-popup-pane", ".leaflet-marker-pane"]) {
    const part = /** @type {Element} */ (inside.querySelector(name));
    all(part);
    seen.observe(part, { subtree: true, childList: true, attributeFilter: ["title", "aria-label", "placeholder"] });
  }
}

/**
 * What became of the parts of a map's page, by the id of its root.
 * @param {string} id
 * @returns {[root: HTMLElement, parts: Parts]}
 */
function standing(id) {
  const root = /** @type {HTMLElement & { gtParts?: Parts }} */ (document.getElementById(id));
  root.gtParts ??= { done: new Set(), lost: [], say: null };
  return [root, root.gtParts];
}

/**
 * The script of a layer ran to its end.
 * @param {string} id
 * @param {number} n
 * @returns {void}
 */
export function added(id, n) {
  standing(id)[1].done.add(n);
}

/**
 * A file did not arrive.
 * @param {string} id
 * @param {HTMLScriptElement | HTMLLinkElement} node
 * @returns {void}
 */
export function lost(id, node) {
  const [root, parts] = standing(id);
  const address = /** @type {HTMLScriptElement} */ (node).src || /** @type {HTMLLinkElement} */ (node).href;
  parts.lost.push(/** @type {string} */ (address.split(/[?#]/)[0].split("/").pop()));
  tellLost(root, parts);
}

/**
 * All scripts had their turn: those that did not run to their end are named.
 * @param {string} id
 * @param {string[]} names
 * @param {string} text
 * @param {string} separator
 * @returns {void}
 */
export function missed(id, names, text, separator) {
  const [root, parts] = standing(id);
  parts.lost.unshift(...names.filter((_, n) => !parts.done.has(n)));
  parts.say = (files) => fill(text, { parts: [...new Set(files)].join(separator) });
  tellLost(root, parts);
}

/**
 * @param {HTMLElement} root
 * @param {Parts} parts
 */
function tellLost(root, parts) {
  const line = /** @type {Element} */ (root.querySelector(".gt-lost"));
  if (parts.say && parts.lost.length) line.textContent = parts.say(parts.lost);
}
