// The mean centre over time: a dated line over the map, with what makes each point shaky.

import { meets } from "../map/placing.js";
import { element, svg } from "../page/elements.js";
import { decimal, fill, withUnit } from "../page/format.js";
import { paperOf, secondMap, walkable } from "./seconds.js";

function drawTrack(root, page, spot, size, reading, t) {
  const limit = page.modes.unstable * 10 ** page.modes.digits.length;
  const at = page.slices.map((_, i) => (reading.lon[i] === null ? null : spot(reading.lon[i] / 10, reading.lat[i] / 10)));
  const open = (i) => reading.length[i] < limit;
  if (at[t] && reading.reach[t] !== null) drawReach(root, spot, reading, t);
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
  if (at[t]) svg("circle", { cx: at[t].x, cy: at[t].y, r: 7, class: `gt-track-point gt-track-now${open(t) ? " gt-track-hollow" : ""}` }, root);
  dates(root, page, reading, at, t, size);
}

// Everywhere the centre may be: a circle on the globe, cut where the map is.
function drawReach(root, spot, reading, t) {
  const rad = Math.PI / 180;
  const [lon, lat, reach] = [(reading.lon[t] / 10) * rad, (reading.lat[t] / 10) * rad, reading.reach[t] / 6371.0088];
  const edge = [];
  for (let i = 0; i < 72; i++) {
    const way = (i / 36) * Math.PI;
    const y = Math.asin(Math.sin(lat) * Math.cos(reach) + Math.cos(lat) * Math.sin(reach) * Math.cos(way));
    const x = lon + Math.atan2(Math.sin(way) * Math.sin(reach) * Math.cos(lat), Math.cos(reach) - Math.sin(lat) * Math.sin(y));
    edge.push(spot(x / rad, y / rad));
  }
  svg("path", { d: "M" + edge.map((point) => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join("L") + "Z", class: "gt-reach" }, root);
}

// The slice shown in full, the first, the last and each January where they do not meet.
function dates(root, page, reading, at, t, size) {
  const taken = [];
  const last = page.slices.length - 1;
  const january = page.slices.flatMap((slice, i) => (/^\d{4}-01$/.test(slice.iso) ? [i] : []));
  for (const i of [...new Set([t, 0, last, ...january])]) {
    if (!at[i]) continue;
    const name = i === t ? `${page.slices[i].label}${page.words.comma}R ${decimal(reading.length[i], page.modes.digits.length, 2, page.metrics[0].style)}` : page.slices[i].label;
    const width = 6.6 * name.length + (i === t ? 16 : 8);
    const right = at[i].x + 12 + width < size.x;
    const box = { x: right ? at[i].x + 10 : at[i].x - 10 - width, y: at[i].y - (i === t ? 22 : 9), width, height: 18 };
    if (taken.some((other) => meets(box, other))) box.y += at[i].y > size.y - 40 ? -20 : 20;
    if (taken.some((other) => meets(box, other))) continue;
    taken.push(box);
    const text = svg("text", { x: right ? box.x : box.x + width, y: box.y + 13, "text-anchor": right ? "start" : "end", class: "gt-track-date" + (i === t ? " gt-track-date-now" : "") }, root);
    text.textContent = name;
  }
}

export function placeText(page, lon, lat) {
  const [north, south, east, west] = page.modes.words.compass, { style } = page.metrics[0];
  const part = (value, plus, minus) => `${withUnit(decimal(Math.abs(value), 1, 1, style), "°", style)} ${value < 0 ? minus : plus}`;
  return lon === null ? "" : `${part(lat, north, south)}${page.words.comma}${part(lon, east, west)}`;
}

function pointText(page, reading, t) {
  const { words, digits } = page.modes;
  const length = decimal(reading.length[t], digits.length, 2, page.metrics[0].style);
  return fill(words.trackPoint, { slice: page.slices[t].label, place: placeText(page, reading.lon[t], reading.lat[t]), length });
}

// The track's own map: it runs over the Arctic, so the pole is in the middle, and areas stay comparable.
const POLAR_REACH = 70; // pixels at zoom 0 from the pole to about 15 degrees north

function polarPlace(lon, lat) {
  if (lat < -60) return [0, 500]; // Antarctica would surround the map
  const far = 2 * 63.71007 * Math.sin(((90 - Math.max(lat, -35)) / 2) * (Math.PI / 180)); // Lambert's azimuthal, radius of the sphere of equal area
  return [far * Math.sin(lon * (Math.PI / 180)), far * Math.cos(lon * (Math.PI / 180))];
}

export function polarOf({ root: section, page, map, frame, theme, isDark, state, selection }, modes, now) {
  const { words, unstable, digits } = modes;
  const root = svg("svg", { class: "gt-overlay", "aria-hidden": "true" });
  let view = null;
  let on = false;

  function turn(wanted) {
    if (wanted && !view) make();
    on = wanted;
    if (view) view.box.hidden = !on || state.table;
    frame.hidden = on || state.table;
    if (on) resize();
  }

  function make() {
    const box = element("div", "gt-frame gt-polar");
    box.setAttribute("style", frame.getAttribute("style"));
    section.querySelector(".gt-stage").append(box);
    const { scale, translate } = page.geo;
    const flat = map.options.crs.projection;
    const place = (x, y) => {
      const { lng, lat } = page.geo.simple ? flat.unproject(L.point(x * scale + translate[0], y * scale + translate[1])) : { lng: x * scale + translate[0], lat: y * scale + translate[1] };
      return polarPlace(lng, lat);
    };
    const bounds = [-POLAR_REACH, -POLAR_REACH, POLAR_REACH, POLAR_REACH];
    const second = secondMap(box, { ...page, geo: { ...page.geo, simple: true, bounds } }, L.CRS.Simple, theme, isDark, () => view && draw(state.t), place);
    view = { box, second, paper: paperOf(box) };
    box.append(root);
    walkable(section, second, box, words.centre, {
      given: (i) => second.looks.owners()[i] >= 0,
      first: () => 0,
      now: () => state.region,
      go: (region, spot, chosen) => (chosen ? selection.point(region) : region >= 0 ? selection.tell(region) : selection.point(state.region)),
      leave: () => selection.point(-1),
    });
  }

  function draw(t) {
    const { map: own, layer } = view.second;
    const size = own.getSize();
    if (!layer.view || !size.x) return;
    root.setAttribute("viewBox", `0 0 ${size.x} ${size.y}`);
    root.replaceChildren();
    drawTrack(root, page, (lon, lat) => layer.seen(...polarPlace(lon, lat)), size, modes.readings[now.reading], t);
  }

  function show(metric, t) {
    if (!on) return;
    view.second.show(metric, t);
    draw(t);
  }

  function resize() {
    if (!on) return;
    view.second.map.invalidateSize({ animate: false });
    draw(state.t);
  }

  function about() {
    const reading = modes.readings[now.reading];
    const shaky = reading.length[state.t] < unstable * 10 ** digits.length;
    const reach = reading.reach[state.t] === null ? words.trackNoReach : words.trackReach;
    return [pointText(page, reading, state.t) + page.words.stop + page.words.gap + words.trackR, [words.trackWhat, shaky ? words.trackOpen : "", reach].filter(Boolean).join(page.words.gap)];
  }

  return {
    turn, show, resize, about,
    hide(hidden) {
      if (!on) return;
      frame.hidden = true;
      view.box.hidden = hidden;
    },
    restyle() {
      if (!view) return;
      view.second.looks.forget();
      view.second.layer.dress();
    },
    print: () => on && view.paper(view.second.paper()),
  };
}
