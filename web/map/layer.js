// The time layer: our canvases in a Leaflet pane, under folium's own overlays.

import { linesOf, painterFor } from "./canvas.js";
import { outline, readGeometry } from "./decode.js";
import { FINDING } from "./finding.js";
import { STROKES } from "./strokes.js";

/** @import { LatLng, Map as LeafletMap, Point, ZoomAnimEvent } from "leaflet" */
/** @import { Frame, Geometry, Joined, LayerData, Painter, Placer, TimeLayer } from "../types.d.ts" */

/**
 * A map with what is Leaflet's own of it, and not in its types: what its own layers animate by.
 * @typedef {LeafletMap & { _getNewPixelOrigin(center: LatLng, zoom: number): Point }} Inside
 */

/**
 * What the layer knows and does for itself.
 * @typedef {object} Private
 * @property {LayerData} data
 * @property {Inside} _map
 * @property {Painter} painter
 * @property {Path2D[]} outlines of the groups that are outlined
 * @property {Path2D} disputed
 * @property {Path2D} mesh the borders
 * @property {string} joinKey which aggregates speak, as text
 * @property {Joined[]} joined
 * @property {number[]} marked
 * @property {boolean} fitting
 * @property {number} zoom of the view
 * @property {Point} corner of the view, at zoom 0
 * @property {(map: LeafletMap) => Placer} placer
 * @property {() => void} fit
 * @property {() => void} resize
 * @property {() => void} slide
 * @property {(event: ZoomAnimEvent) => void} animate
 * @property {() => void} lines
 * @property {(pen: CanvasRenderingContext2D, px: number) => void} dots
 * @property {(joined: Joined[]) => boolean} join
 */

/** @typedef {TimeLayer & Private} Own */

/**
 * What the layer is made of. Leaflet calls the three for what they do, and its types ask more of them.
 * @typedef {Omit<Partial<Own>, "onAdd" | "onRemove" | "getEvents"> & ThisType<Own>} Body
 */

/**
 * The time layer of a map. Leaflet is read when the layer is made, not when this file is: a page may load it later.
 * @param {typeof import("leaflet")} L
 * @param {LayerData} data
 * @returns {TimeLayer}
 */
export function timeLayer(L, data) {
  const Made = L.Layer.extend(/** @type {Body} */ ({
    ...FINDING,
    ...STROKES,
    data,

    /** @param {LeafletMap} map */
    onAdd(map) {
      const pane = map.getPane("geotrack") || map.createPane("geotrack");
      pane.style.zIndex = "350";
      this.canvases = ["fill", "line", "mark"].map((name) => {
        const canvas = L.DomUtil.create("canvas", "gt-canvas gt-canvas-" + name + " leaflet-zoom-animated", pane);
        canvas.setAttribute("aria-hidden", "true");
        return canvas;
      });
      this.pens = this.canvases.map((canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")));
      this.geometry = readGeometry(data.geometry, this.placer(map));
      this.join([]);
      this.outlines = data.outlines.map((members) => linesOf(this.geometry.arcs, outline(this.geometry, members)));
      this.disputed = linesOf(this.geometry.arcs, outlinesEach(this.geometry, data.disputed));
      this.painter = painterFor(this.geometry, this.pens[0]);
      this.home = data.home;
      this.resize();
    },

    onRemove() {
      this.canvases.forEach((canvas) => canvas.remove());
    },

    getEvents() {
      return { viewreset: this.draw, moveend: this.draw, move: this.slide, resize: this.resize, zoomanim: this.animate };
    },

    // Quantised units -> pixels of the map at zoom 0, once, whatever the map's projection.
    placer(map) {
      const { scale, translate, simple, place } = data;
      if (place) return place;
      if (simple) return (x, y) => [x * scale + translate[0], -(y * scale + translate[1])];
      return (x, y) => {
        const lat = Math.max(-85.05, Math.min(85.05, y * scale + translate[1]));
        const point = map.project([lat, x * scale + translate[0]], 0);
        return [point.x, point.y];
      };
    },

    // Shows the frame at every width, until the reader has moved the map.
    fit() {
      if (hidden(this._map)) return; // behind the table: fitted when it shows again
      this.fitting = true;
      this.home = showFrame(this._map, data);
      this.fitting = false;
    },

    resize() {
      const map = this._map;
      if (this.home === undefined || Math.abs(map.getZoom() - this.home) < 1e-6) this.fit();
      this.draw();
    },

    // While the map is dragged, paths are cheap enough to follow; an index image waits for the end.
    slide() {
      if (!this.painter.whole && !this.fitting) this.draw();
    },

    animate(event) {
      const map = this._map;
      const scale = map.getZoomScale(event.zoom, this.zoom);
      const origin = map._getNewPixelOrigin(event.center, event.zoom);
      const offset = this.corner.multiplyBy(map.getZoomScale(event.zoom, 0)).subtract(origin);
      for (const canvas of this.canvases) L.DomUtil.setTransform(canvas, offset, scale);
    },

    draw() {
      const map = this._map;
      if (!map || !this.painter || this.fitting) return;
      const size = map.getSize();
      if (!size.x || !size.y) return;
      const dpr = Math.min(window.devicePixelRatio || 1, 3);
      const topLeft = map.containerPointToLayerPoint([0, 0]);
      this.zoom = map.getZoom();
      const origin = map.getPixelOrigin();
      this.corner = origin.add(topLeft).divideBy(map.getZoomScale(this.zoom, 0));
      const view = {
        k: map.getZoomScale(this.zoom, 0),
        x: -origin.x - topLeft.x,
        y: -origin.y - topLeft.y,
        width: size.x,
        height: size.y,
        dpr,
      };
      this.view = view;
      for (const canvas of this.canvases) {
        const width = Math.round(size.x * dpr);
        const height = Math.round(size.y * dpr);
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        canvas.style.width = size.x + "px";
        canvas.style.height = size.y + "px";
        L.DomUtil.setPosition(canvas, topLeft);
      }
      this.dress();
      data.moved();
    },
  }));
  return new Made();
}

const ROOM = 4; // CSS pixels left free at the edges of a frame
const USUAL = { x: 800, y: 500 }; // size that a hidden map is thought to have, until it shows

/** @param {LeafletMap} map */
function hidden(map) {
  const size = map.getSize();
  return size.x <= ROOM || size.y <= ROOM;
}

/**
 * Gives a map the view of a frame, and the limits of its zoom. In pixels of zoom 0, because the corners of a
 * projected frame need not lie on the earth. Returns the zoom of the view, nothing while the map is hidden.
 * @param {LeafletMap} map
 * @param {Frame} frame
 * @returns {number | undefined}
 */
export function showFrame(map, { bounds, simple }) {
  const size = hidden(map) ? USUAL : map.getSize();
  /** @type {(x: number, y: number) => Point} */
  const corner = (x, y) => (simple ? L.point(x, -y) : map.project([y, x], 0));
  const [west, south, east, north] = bounds;
  const low = corner(west, south);
  const high = corner(east, north);
  const zoom = Math.log2(Math.min((size.x - ROOM) / (high.x - low.x), (size.y - ROOM) / (low.y - high.y)));
  map.setMinZoom(-9).setMaxZoom(30);
  map.setView(map.unproject(low.add(high).divideBy(2), 0), zoom, { animate: false });
  map.setMinZoom(zoom - 0.5).setMaxZoom(zoom + 7);
  return hidden(map) ? undefined : zoom;
}

/**
 * Outlines of several regions, each on its own: shared arcs stay.
 * @param {Geometry} geometry
 * @param {number[]} regions
 */
function outlinesEach(geometry, regions) {
  /** @type {Set<number>} */
  const arcs = new Set();
  for (const i of regions) for (const arc of outline(geometry, [i])) arcs.add(arc);
  return [...arcs];
}
