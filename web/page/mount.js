// From the element that holds a page's data to a map that runs.

import { showFrame } from "../map/layer.js";
import { crsOf } from "../map/projection.js";
import { appOf } from "./app.js";
import { added, distinct, guard, lost, missed, place, speak } from "./foreign.js";
import { tellHeight } from "./guest.js";
import { keyboardOf } from "./keyboard.js";
import { readPage } from "./model.js";
import { pointerOf } from "./pointer.js";
import { printOf } from "./print.js";

/** @import { Map as LeafletMap } from "leaflet" */
/** @import { App, Maker, Mounted, RawPage, Served } from "../types.d.ts" */

/**
 * What a page's own scripts call, with the controls that this bundle has.
 * @param {(Maker | false)[]} named
 * @param {Partial<Served>} [more]
 * @returns {void}
 */
export function serve(named, more = {}) {
  const makers = named.filter((each) => each !== false);
  window.geotrack = { mount: (id, map) => mount(id, map, makers), crs: (parameters) => crsOf(L, parameters), place, added, lost, missed, ...more };
}

/**
 * Up to its first wait it runs at once: whatever others add afterwards finds a map with its view and limits.
 * @param {string} id
 * @param {LeafletMap} map
 * @param {Maker[]} makers
 * @returns {Promise<Mounted>}
 */
async function mount(id, map, makers) {
  const found = map?.getContainer().closest("section.geotrack") ?? document.getElementById(id);
  const root = /** @type {HTMLElement} */ (found);
  try {
    const suffix = distinct(root);
    /** @type {RawPage} */
    const raw = JSON.parse(/** @type {Element} */ (root.querySelector(".gt-data")).textContent);
    guard(map);
    speak(map, raw.words.controls);
    const home = showFrame(map, raw.geo);
    const page = await readPage(raw);
    return run(appOf(root, { ...page, key: page.id + suffix }, map, home), makers);
  } catch (error) {
    root.dataset.ready = "error";
    /** @type {HTMLElement} */ (root.querySelector(".gt-error")).hidden = false;
    throw error;
  }
}

/**
 * @param {App} app
 * @param {Maker[]} makers
 * @returns {Mounted}
 */
function run(app, makers) {
  const { root, page, map, layer, looks, state } = app;
  map.addLayer(layer);
  makers.forEach(app.use);
  pointerOf(app);
  keyboardOf(app);
  printOf(app);
  app.restore();
  app.draw();
  looks.update(app.metric(), state.t);
  layer.show(looks.style, [], looks.joined());
  layer.draw();
  app.go(state.t, true);
  app.settle();
  if (root.dataset.alone) tellHeight(root, page.id);
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) root.classList.add("gt-calm");
  root.dataset.ready = "true";
  if (root.dataset.alone) document.documentElement.dataset.ready = "true";
  return { page, layer, go: app.go, timeline: app.timeline, state, modes: app.shift };
}
