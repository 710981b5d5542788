// The mean centre over time: a dated line over the map, with what makes each point shaky.

import { meets } from "../map/placing.js";
import { svg } from "../page/elements.js";
import { decimal, fill, withUnit } from "../page/format.js";
import { frameLike, paperOf, secondMap, walkable } from "./seconds.js";

/**
 * @import { CRS, Projection } from "leaflet"
 * @import { Box, Metric, Page, Spot } from "../types"
 * @import { Modes, Now, Reading, SecondMap, ShiftApp, ShiftPage } from "./types"
 */

/** @typedef {(lon: number, lat: number) => Spot} Place where a place on the earth stands on the picture */

/**
 * @param {SVGElement} root
 * @param {ShiftPage} page
 * @param {Place} spot
 * @param {Spot} size
 * @param {Reading} reading
 * @param {number} t
 */
function drawTrack(root, page, spot, size, reading, t) {
  const limit = page.modes.unstable * 10 ** page.modes.digits.length;
  const at = page.slices.map((_, i) => {
    const [lon, lat] = [reading.lon[i], reading.lat[i]];
    return lon === null || lat === null ? null : spot(...degrees(page, lon, lat));
  });
  const shown = at[t];
  // what has a centre has a length
  const open = (/** @type {number} */ i) => /** @type {number} */ (reading.length[i]) < limit;
  if (shown && reading.reach[t]) drawReach(root, page, spot, reading, t);
  at.forEach((point, i) => {
    const before = at[i - 1];
    if (!point || !before) return;
    const way = { x1: before.x, y1: before.y, x2: point.x, y2: point.y };
    svg("line", { ...way, class: "gt-track-edge" }, root);
    svg("line", { ...way, class: "gt-track-line" + (open(i) || open(i - 1) ? " gt-track-open" : "") }, root);
  });
  at.forEach((point, i) => {
    if (!point) return;
    const mark = svg("circle", { cx: point.x, cy: point.y, r: i === t ? 7 : 2.8, class: `gt-track-point${open(i) ? " gt-track-hollow" : ""}${i === t ? " gt-track-now" : ""}` }, root);
    svg("title", {}, mark).textContent = pointText(page, reading, i);
  });
  if (shown) svg("circle", { cx: shown.x, cy: shown.y, r: 7, class: `gt-track-point gt-track-now${open(t) ? " gt-track-hollow" : ""}` }, root);
  dates(root, page, reading, at, t, size);
}

/**
 * @param {ShiftPage} page
 * @param {number} lon
 * @param {number} lat
 * @returns {[number, number]}
 */
function degrees(page, lon, lat) {
  const { digits } = page.modes;
  return [lon / 10 ** digits.lon, lat / 10 ** digits.lat];
}

/**
 * Everywhere the centre may be: a circle on the globe, cut where the map is.
 * @param {SVGElement} root
 * @param {ShiftPage} page
 * @param {Place} spot
 * @param {Reading} reading
 * @param {number} t
 */
function drawReach(root, page, spot, reading, t) {
  const rad = Math.PI / 180;
  const [east, north, km] = /** @type {number[]} */ ([reading.lon[t], reading.lat[t], reading.reach[t]]);
  const [lon, lat] = degrees(page, east, north).map((each) => each * rad);
  const reach = km / 10 ** page.modes.digits.reach / 6371.0088;
  const edge = [];
  for (let i = 0; i < 72; i++) {
    const way = (i / 36) * Math.PI;
    const y = Math.asin(Math.sin(lat) * Math.cos(reach) + Math.cos(lat) * Math.sin(reach) * Math.cos(way));
    const x = lon + Math.atan2(Math.sin(way) * Math.sin(reach) * Math.cos(lat), Math.cos(reach) - Math.sin(lat) * Math.sin(y));
    edge.push(spot(x / rad, y / rad));
  }
  svg("path", { d: "M" + edge.map((point) => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join("L") + "Z", class: "gt-reach" }, root);
}

/**
 * The slice shown in full, the first, the last and each January where they do not meet.
 * @param {SVGElement} root
 * @param {ShiftPage} page
 * @param {Reading} reading
 * @param {(Spot | null)[]} at
 * @param {number} t
 * @param {Spot} size
 */
function dates(root, page, reading, at, t, size) {
  const taken = /** @type {Box[]} */ ([]);
  const last = page.slices.length - 1;
  const january = page.slices.flatMap((slice, i) => (/^\d{4}-01$/.test(slice.iso) ? [i] : []));
  for (const i of [...new Set([t, 0, last, ...january])]) {
    const spot = at[i];
    if (!spot) continue;
    const name = i === t ? `${page.slices[i].label}${page.words.comma}R ${lengthText(page, reading, i)}` : page.slices[i].label;
    const width = 6.6 * name.length + (i === t ? 16 : 8);
    const right = spot.x + 12 + width < size.x;
    const box = { x: right ? spot.x + 10 : spot.x - 10 - width, y: spot.y - (i === t ? 22 : 9), width, height: 18 };
    if (taken.some((other) => meets(box, other))) box.y += spot.y > size.y - 40 ? -20 : 20;
    if (taken.some((other) => meets(box, other))) continue;
    taken.push(box);
    const text = svg("text", { x: right ? box.x : box.x + width, y: box.y + 13, "text-anchor": right ? "start" : "end", class: "gt-track-date" + (i === t ? " gt-track-date-now" : "") }, root);
    text.textContent = name;
  }
}

/**
 * A place as people read it; "" where there is none.
 * @param {ShiftPage} page
 * @param {number | null} lon
 * @param {number | null} lat
 */
export function placeText(page, lon, lat) {
  const { digits, words: { compass: [north, south, east, west] } } = page.modes, { style } = page.metrics[0];
  /** @type {(value: number, places: number, plus: string, minus: string) => string} */
  const part = (value, places, plus, minus) => `${withUnit(decimal(Math.abs(value), places, 1, style), "°", style)} ${value < 0 ? minus : plus}`;
  return lon === null ? "" : `${part(/** @type {number} */ (lat), digits.lat, north, south)}${page.words.comma}${part(lon, digits.lon, east, west)}`;
}

/**
 * @param {ShiftPage} page
 * @param {Reading} reading
 * @param {number} t
 */
function pointText(page, reading, t) {
  const place = placeText(page, reading.lon[t], reading.lat[t]);
  return fill(page.modes.words.trackPoint, { slice: page.slices[t].label, place, length: lengthText(page, reading, t) });
}

/**
 * @param {ShiftPage} page
 * @param {Reading} reading of a slice that has a length
 * @param {number} t
 */
function lengthText(page, reading, t) {
  return decimal(/** @type {number} */ (reading.length[t]), page.modes.digits.length, 2, page.metrics[0].style);
}

// The track's own map: it runs over the Arctic, so the pole is in the middle, and areas stay comparable.
const POLAR_REACH = 70; // pixels at zoom 0 from the pole to about 15 degrees north

/**
 * @param {number} lon
 * @param {number} lat
 * @returns {[number, number]}
 */
function polarPlace(lon, lat) {
  if (lat < -60) return [0, 500]; // Antarctica would surround the map
  const far = 2 * 63.71007 * Math.sin(((90 - Math.max(lat, -35)) / 2) * (Math.PI / 180)); // Lambert's azimuthal, radius of the sphere of equal area
  return [far * Math.sin(lon * (Math.PI / 180)), far * Math.cos(lon * (Math.PI / 180))];
}

/** @typedef {{ box: HTMLElement, second: SecondMap, paper: ReturnType<typeof paperOf> }} View */

/**
 * The map around the pole, in place of the first.
 * @param {ShiftApp} app
 * @param {Modes} modes
 * @param {Now} now
 */
export function polarOf({ root: section, page, map, $, frame, theme, isDark, state, selection }, modes, now) {
  const { words, unstable, digits } = modes;
  const root = svg("svg", { class: "gt-overlay", "aria-hidden": "true" });
  let view = /** @type {View | null} */ (null); // once it was asked for
  let shown = /** @type {View | null} */ (null); // while it is turned on

  /** @param {boolean} wanted */
  function turn(wanted) {
    if (wanted) view ??= make();
    shown = wanted ? view : null;
    if (view) view.box.hidden = !wanted || state.table;
    frame.hidden = wanted || state.table;
    resize();
  }

  /** @returns {View} */
  function make() {
    const box = frameLike(frame, "gt-polar");
    $(".gt-stage").append(box);
    const second = secondMap(box, flatPage(), L.CRS.Simple, theme, isDark, () => draw(state.t), placer());
    const paper = paperOf(box);
    box.append(root);
    walkable(section, second, box, words.centre, {
      given: (i) => second.looks.owners()[i] >= 0,
      first: () => 0,
      now: () => state.region,
      go: (region, spot, chosen) => (chosen ? selection.point(region) : region >= 0 ? selection.tell(region) : selection.point(state.region)),
      leave: () => selection.point(-1),
    });
    return { box, second, paper };
  }

  /** The page, on a plane around the pole. */
  function flatPage() {
    /** @type {Page["geo"]["bounds"]} */
    const bounds = [-POLAR_REACH, -POLAR_REACH, POLAR_REACH, POLAR_REACH];
    return { ...page, geo: { ...page.geo, simple: true, bounds } };
  }

  /** Quantised units of the page's boundaries to that plane. */
  function placer() {
    const { scale, translate, simple } = page.geo;
    const { projection } = /** @type {CRS & { projection: Projection }} */ (map.options.crs); // Leaflet's types lack it
    return (/** @type {number} */ x, /** @type {number} */ y) => {
      const [east, north] = [x * scale + translate[0], y * scale + translate[1]];
      const { lng, lat } = simple ? projection.unproject(L.point(east, north)) : { lng: east, lat: north };
      return polarPlace(lng, lat);
    };
  }

  /** @param {number} t */
  function draw(t) {
    if (!view) return;
    const { map: own, layer } = view.second;
    const size = own.getSize();
    if (!layer.view || !size.x) return;
    root.setAttribute("viewBox", `0 0 ${size.x} ${size.y}`);
    root.replaceChildren();
    drawTrack(root, page, (lon, lat) => layer.seen(...polarPlace(lon, lat)), size, modes.readings[now.reading], t);
  }

  /**
   * @param {Metric} metric
   * @param {number} t
   */
  function show(metric, t) {
    if (!shown) return;
    shown.second.show(metric, t);
    draw(t);
  }

  function resize() {
    if (!shown) return;
    shown.second.map.invalidateSize({ animate: false });
    draw(state.t);
  }

  function about() {
    const reading = modes.readings[now.reading];
    const shaky = /** @type {number} */ (reading.length[state.t]) < unstable * 10 ** digits.length;
    const reach = reading.reach[state.t] === null ? words.trackNoReach : reading.reach[state.t] ? words.trackReach : "";
    if (reading.length[state.t] === null) return [page.slices[state.t].label + page.words.colon + page.words.noData];
    return [pointText(page, reading, state.t) + page.words.stop + page.words.gap + words.trackR, [words.trackWhat, shaky ? words.trackOpen : "", reach].filter(Boolean).join(page.words.gap)];
  }

  return {
    turn, show, resize, about,
    /** @param {boolean} hidden */
    hide(hidden) {
      if (!shown) return;
      frame.hidden = true;
      shown.box.hidden = hidden;
    },
    restyle() {
      if (!view) return;
      view.second.looks.forget();
      view.second.layer.dress();
    },
    print: () => shown && shown.paper(shown.second.paper()),
  };
}
