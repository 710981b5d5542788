// One map on one page: what it shows now, and the one way that every change takes through all that shows it.

import { timeLayer } from "../map/layer.js";
import { guestOf } from "./guest.js";
import { linkOf } from "./link.js";
import { drawnOf, looksOf } from "./looks.js";
import { registryOf } from "./registry.js";
import { selectionOf } from "./selection.js";
import { timelineOf } from "./timeline.js";

/** @import { Map as LeafletMap } from "leaflet" */
/** @import { App, Elements, MountedPage, Page, State, Theme } from "../types.d.ts" */

/**
 * The map of a page, of which the controls are still to come.
 * @param {HTMLElement} root
 * @param {MountedPage} page
 * @param {LeafletMap} map
 * @param {number | undefined} home
 * @returns {App}
 */
export function appOf(root, page, map, home) {
  /**
   * @template {keyof Elements} K
   * @param {K} selector
   */
  const $ = (selector) => /** @type {Elements[K]} */ (root.querySelector(selector));
  /** @type {State} */
  const state = { t: page.opening, m: 0, region: -1, hover: -1, spot: null, table: false };
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const { add, each, links } = registryOf(() => app.selection); // it speaks of what the others show
  const link = linkOf(page);
  const looks = looksOf(page, isDark);
  const theme = () => themeOf(root, page);
  const layer = timeLayer(L, { ...drawnOf(page), home, theme, moved: () => each("place") });
  const app = /** @type {App} its selection and its timeline follow */ ({
    root, page, map, state, $, frame: $(".gt-frame"), layer, looks, shift: null,
    metric: () => app.shift?.metric() ?? page.metrics[state.m],
    isDark, theme, go, draw, redraw, restyle, say, sentence, remember, restore, settle, each, asked: link.read,
    use: (make) => add(make(app)),
  });
  app.selection = selectionOf(app);
  app.use(guestOf);
  app.timeline = app.use(timelineOf);

  function isDark() {
    if (root.classList.contains("gt-light")) return false;
    const forced = root.dataset.theme;
    return forced === "dark" || (forced !== "light" && dark.matches);
  }

  function paint() {
    layer.show(looks.style, looks.update(app.metric(), state.t), looks.joined());
  }

  /**
   * The way every change takes: a new slice, shown everywhere; words only where someone listens.
   * @param {number} t
   * @param {boolean} [playing]
   * @param {boolean} [silent]
   */
  function go(t, playing, silent) {
    state.t = t;
    paint();
    each("show", t, playing);
    root.dataset.slice = page.slices[t].iso;
    if (root.dataset.alone) document.documentElement.dataset.slice = page.slices[t].iso;
    if (playing) return;
    if (!silent) say(sentence(t));
    remember();
  }

  /**
   * The slice in words, its name once.
   * @param {number} t
   */
  function sentence(t) {
    const label = page.slices[t].label;
    const text = app.metric().sentences[t];
    return text.includes(label) ? text : `${label}${page.words.stop}${page.words.gap}${text}`;
  }

  // Everything that hangs on the metric or the mode.
  function draw() {
    looks.forget();
    layer.style = null;
    each("draw");
    root.dataset.metric = page.metrics[state.m].id;
  }

  function redraw() {
    draw();
    paint();
    layer.draw();
    go(state.t);
  }

  // Light or dark.
  function restyle() {
    looks.forget();
    looks.update(app.metric(), state.t);
    layer.dress();
    each("dress");
  }

  /** @param {string} text */
  function say(text) {
    $(".gt-live").textContent = text;
  }

  function remember() {
    link.write(Object.entries(links()).flatMap(([key, { write }]) => /** @type {[string, string][]} */ (write ? [[key, write()]] : [])));
  }

  // What the address asks for; what it does not is as the page opens.
  function restore() {
    const wanted = link.read();
    for (const [key, { read }] of Object.entries(links())) read(wanted[key]);
    each("restored");
  }

  // What was asked for and needs a map that is drawn.
  function settle() {
    each("settle");
  }

  dark.addEventListener("change", restyle);
  window.addEventListener("hashchange", () => {
    app.timeline.stop();
    restore();
    redraw();
    settle();
  });
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    each("resize");
  }).observe(root);
  return app;
}

/**
 * The colours in which a page is painted now.
 * @param {HTMLElement} root
 * @param {Page} page
 * @returns {Theme}
 */
function themeOf(root, page) {
  const style = getComputedStyle(root);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue("--gt-" + name).trim();
  const groups = page.groups.flatMap((group) => (group.outline ? [read(group.colour)] : []));
  return {
    page: read("page"), ink: read("ink"), border: read("border"), missing: read("missing"), hatch: read("hatch"),
    bound: read("bound"), dispute: read("dispute"), groups,
  };
}
