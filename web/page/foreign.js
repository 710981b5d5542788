// What others add to a page (folium's plugins, layers of somebody's own) may fail, or never arrive: the map goes
// on without it, and says so.

import { fill } from "./format.js";

// The element of an id that has no map yet: of two blocks of one map each gets its own.
export function place(id) {
  return [...document.querySelectorAll(`[id="${CSS.escape(id)}"]`)].find((node) => !node._leaflet_id) ?? id;
}

// The very same map may stand twice in a page: the later one takes names of its own, so that labels, radio
// buttons and permalinks stay apart. Returns what its names have at their ends.
export function distinct(root) {
  const own = root.id;
  if (document.getElementById(own) === root) return "";
  let n = 2;
  while (document.getElementById(`${own}-${n}`)) n++;
  const renamed = (word) => (word === own || word.startsWith(own + "-") ? `${own}-${n}${word.slice(own.length)}` : word);
  const names = ["id", "name", "for", "aria-labelledby", "aria-describedby", "aria-controls"];
  for (const node of [root, ...root.querySelectorAll(names.map((name) => `[${name}]`).join())]) {
    for (const name of names) {
      const value = node.getAttribute(name);
      if (value) node.setAttribute(name, value.split(" ").map(renamed).join(" "));
    }
  }
  root.querySelector(".folium-map").id += `-${n}`;
  return `-${n}`;
}

// Keeps faults of others off a map. Leaflet calls the listeners of an event one after the other, and an error
// ends the round, and what set it off: whoever listens here fails for himself. And a map that is hidden, behind
// its table, keeps its size: some layers cannot be drawn on nothing.
export function guard(map) {
  const measure = map.invalidateSize;
  map.invalidateSize = function (options) {
    const { clientWidth, clientHeight } = this.getContainer();
    return clientWidth && clientHeight ? measure.call(this, options) : this;
  };
  map.fire = function (type, data, propagate) {
    if (!this.listens(type, propagate)) return this;
    const event = { ...data, type, target: this, sourceTarget: data?.sourceTarget || this };
    const listeners = this._events?.[type] || [];
    this._firingCount = (this._firingCount || 0) + 1; // Leaflet's own count, by which it removes listeners
    for (let i = 0, count = listeners.length; i < count; i++) {
      const { fn, ctx, once } = listeners[i];
      if (once) this.off(type, fn, ctx);
      try {
        fn.call(ctx || this, event);
      } catch (error) {
        setTimeout(() => { throw error; }); // to the console, as any other
      }
    }
    this._firingCount--;
    if (propagate) this._propagateEvent(event);
    return this;
  };
}

// Leaflet and its plugins speak English: the titles of their buttons become those of the page's language.
export function speak(map, titles) {
  if (!titles) return;
  const tell = (node) => {
    for (const name of ["title", "aria-label", "alt", "placeholder"]) {
      const own = node.getAttribute(name);
      if (Object.hasOwn(titles, own)) node.setAttribute(name, titles[own]);
    }
  };
  const all = (root) => [root, ...root.querySelectorAll("*")].forEach(tell);
  const seen = new MutationObserver((changes) => changes.forEach(({ target }) => all(target)));
  const inside = map.getContainer();
  for (const part of [".leaflet-control-container", ".leaflet-popup-pane", ".leaflet-marker-pane"].map((each) => inside.querySelector(each))) {
    all(part);
    seen.observe(part, { subtree: true, childList: true, attributeFilter: ["title", "aria-label", "placeholder"] });
  }
}

// What became of the parts of a map's page, by the id of its root.
function standing(id) {
  const root = document.getElementById(id);
  root.gtParts ??= { done: new Set(), lost: [], say: null };
  return [root, root.gtParts];
}

// The script of a layer ran to its end.
export function added(id, n) {
  standing(id)[1].done.add(n);
}

// A file did not arrive.
export function lost(id, node) {
  const [root, parts] = standing(id);
  parts.lost.push((node.src || node.href).split(/[?#]/)[0].split("/").pop());
  tellLost(root, parts);
}

// All scripts had their turn: those that did not run to their end are named.
export function missed(id, names, text, separator) {
  const [root, parts] = standing(id);
  parts.lost.unshift(...names.filter((_, n) => !parts.done.has(n)));
  parts.say = (lost) => fill(text, { parts: [...new Set(lost)].join(separator) });
  tellLost(root, parts);
}

function tellLost(root, parts) {
  if (parts.say && parts.lost.length) root.querySelector(".gt-lost").textContent = parts.say(parts.lost);
}
