// Painting regions: only what changed is repainted.
// Up to MANY regions each is a path; above, every region's number is drawn once into an index image
// and a step is one pass over it with a colour table, whose cost no longer grows with the regions.

import { innerArcs, walkRing } from "./decode.js";

/** @import { Geometry, Joined, Look, Painter, Region, Styler, Theme, View } from "../types.d.ts" */

/** @typedef {Pick<View, "k" | "x" | "y" | "dpr">} Place where an image's pixels are on the map */

const MANY = 1200;
const HATCH = 7; // CSS pixels between two strokes of the "no data" pattern
const SEEN = 3; // contrast of strokes with the class under them, at least
const DOT = 4; // radius in CSS pixels of a region too small for its outline at this scale

/**
 * @param {Region} region
 * @param {Float64Array[]} arcs
 */
function pathOf(region, arcs) {
  const path = new Path2D();
  for (const ring of region.rings) {
    walkRing(ring, arcs, (x, y, first) => (first ? path.moveTo(x, y) : path.lineTo(x, y)));
    path.closePath();
  }
  return path;
}

/**
 * Some arcs as one path.
 * @param {Float64Array[]} arcs
 * @param {Iterable<number>} chosen
 * @returns {Path2D}
 */
export function linesOf(arcs, chosen) {
  const path = new Path2D();
  for (const a of chosen) {
    const arc = arcs[a];
    path.moveTo(arc[0], arc[1]);
    for (let i = 2; i < arc.length; i += 2) path.lineTo(arc[i], arc[i + 1]);
  }
  return path;
}

/**
 * @param {number} dpr
 * @param {string} base
 * @param {string} ink
 */
function hatchTile(dpr, base, ink) {
  const size = Math.round(HATCH * dpr);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.fillStyle = base;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = ink;
  pen.lineWidth = 1.1 * dpr;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  return tile;
}

/**
 * The colour of strokes over a class: the theme's, or its page's where they would not be seen.
 * @param {string} colour
 * @param {Theme} theme
 */
function inkOn(colour, theme) {
  return contrast(colour, theme.bound) < SEEN ? theme.page : theme.bound;
}

/**
 * WCAG 2: 1 (the same) to 21 (black on white).
 * @param {string} one
 * @param {string} other
 */
function contrast(one, other) {
  /** @param {string} colour */
  const luminance = (colour) => {
    const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return light / dark;
}

/**
 * The view: canvas pixel = k * (zoom 0 pixel) + (x, y), all times dpr.
 * @param {CanvasRenderingContext2D} pen
 * @param {View} view
 * @returns {void}
 */
export function atView(pen, view) {
  pen.setTransform(view.k * view.dpr, 0, 0, view.k * view.dpr, view.x * view.dpr, view.y * view.dpr);
}

/**
 * Wipes a canvas.
 * @param {CanvasRenderingContext2D} pen
 * @returns {void}
 */
export function clear(pen) {
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
}

// ---- paths -------------------------------------------------------------------------------------

/**
 * @param {Geometry} geometry
 * @param {CanvasRenderingContext2D} pen
 * @returns {Painter}
 */
function pathPainter(geometry, pen) {
  const paths = geometry.regions.map((region) => pathOf(region, geometry.arcs));
  const dots = [...geometry.regions.keys()].filter((i) => !geometry.regions[i].rings.length);
  const probe = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** @type {number[]} */
  let drawn = [];
  /** @type {View} */
  let view;
  /** @type {CanvasPattern} */
  let hatch;
  /** @type {(colour: string) => CanvasPattern} the strokes that are seen on it */
  let bound;

  /** @param {Region} region */
  function dot(region) {
    const path = new Path2D();
    path.arc(region.x, region.y, DOT / view.k, 0, 2 * Math.PI);
    return path;
  }

  /** @param {number} i */
  function shape(i) {
    const region = geometry.regions[i];
    return region.rings.length ? paths[i] : dot(region);
  }

  /**
   * Dots lie over their neighbours: they are painted after them, and where one goes, all is painted anew.
   * @param {Iterable<number>} changed
   * @param {Styler} style
   * @param {Joined[]} [joined]
   */
  function paint(changed, style, joined = []) {
    let todo = changed;
    if (drawn.some((i) => style(i).quiet)) {
      clear(pen);
      todo = geometry.regions.keys();
    }
    drawn = dots.filter((i) => !style(i).quiet); // a dot without data would be clutter
    atView(pen, view);
    for (const i of todo) if (geometry.regions[i].rings.length) fill(i, style(i));
    for (const { regions } of joined) mend(regions, style(regions[0]));
    for (const i of drawn) fill(i, style(i));
  }

  /**
   * An undivided aggregate is one shape: the hairlines between its members are drawn over in its colour.
   * @param {number[]} regions
   * @param {Look} look
   */
  function mend(regions, look) {
    pen.strokeStyle = /** @type {string} */ (look.colour);
    pen.lineWidth = 1.5 / view.k;
    pen.stroke(linesOf(geometry.arcs, innerArcs(geometry, regions)));
  }

  /**
   * @param {number} i
   * @param {Look} look
   */
  function fill(i, look) {
    const path = shape(i);
    pen.fillStyle = look.missing ? hatch : look.colour;
    pen.fill(path, "evenodd");
    if (!look.bound) return;
    pen.fillStyle = bound(look.colour);
    pen.fill(path, "evenodd");
  }

  /**
   * @param {View} next
   * @param {Theme} theme
   */
  function prepare(next, theme) {
    view = next;
    const still = new DOMMatrix([1 / (view.k * view.dpr), 0, 0, 1 / (view.k * view.dpr), -view.x / view.k, -view.y / view.k]);
    hatch = strokesOf(theme.missing, theme.hatch, still);
    const strokes = new Map([theme.bound, theme.page].map((ink) => [ink, strokesOf("rgba(0,0,0,0)", ink, still)]));
    bound = (colour) => /** @type {CanvasPattern} */ (strokes.get(inkOn(colour, theme)));
    drawn = [];
    clear(pen);
  }

  /**
   * A pattern that lies still on the screen.
   * @param {string} ground
   * @param {string} ink
   * @param {DOMMatrix} still
   */
  function strokesOf(ground, ink, still) {
    const pattern = /** @type {CanvasPattern} */ (pen.createPattern(hatchTile(view.dpr, ground, ink), "repeat"));
    pattern.setTransform(still);
    return pattern;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {Styler} style
   */
  function find(x, y, style) {
    const slop = 9 / view.k; // a fingertip's reach around a dot
    let near = -1;
    let least = slop;
    for (let i = geometry.regions.length - 1; i >= 0; i--) {
      const region = geometry.regions[i];
      if (!region.rings.length) {
        if (style(i).quiet) continue; // not drawn, not found
        const distance = Math.hypot(region.x - x, region.y - y);
        if (distance < least) [near, least] = [i, distance];
      } else if (near < 0 && x >= region.box[0] && x <= region.box[2] && y >= region.box[1] && y <= region.box[3]) {
        if (probe.isPointInPath(paths[i], x, y, "evenodd")) return i;
      }
    }
    return near;
  }

  return { prepare, paint, find, shape, whole: false };
}

// ---- index image -------------------------------------------------------------------------------

/**
 * Scan conversion of one region (even-odd, pixel centres), calling span(row, from, to).
 * @param {Region} region
 * @param {Float64Array[]} arcs
 * @param {Place} view
 * @param {number} width
 * @param {number} height
 * @param {(row: number, from: number, to: number) => void} span
 * @returns {void}
 */
export function scan(region, arcs, view, width, height, span) {
  const scale = view.k * view.dpr;
  const dx = view.x * view.dpr;
  const dy = view.y * view.dpr;
  const top = Math.max(0, Math.ceil(region.box[1] * scale + dy - 0.5));
  const bottom = Math.min(height - 1, Math.floor(region.box[3] * scale + dy - 0.5));
  if (bottom < top) return;
  /** @type {number[][]} where outlines cross the middle of each row */
  const rows = Array.from({ length: bottom - top + 1 }, () => []);
  for (const ring of region.rings) {
    let firstX = 0, firstY = 0, fromX = 0, fromY = 0;
    walkRing(ring, arcs, (px, py, first) => {
      const x = px * scale + dx;
      const y = py * scale + dy;
      if (first) [firstX, firstY] = [x, y];
      else cross(rows, top, fromX, fromY, x, y);
      [fromX, fromY] = [x, y];
    });
    cross(rows, top, fromX, fromY, firstX, firstY);
  }
  rows.forEach((crossings, row) => {
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1] - 0.5));
      if (to > from) span(top + row, from, to);
    }
  });
}

/**
 * Notes where an edge crosses the middle of each row.
 * @param {number[][]} rows
 * @param {number} top
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
function cross(rows, top, x0, y0, x1, y1) {
  if (y0 === y1) return;
  if (y0 > y1) [x0, y0, x1, y1] = [x1, y1, x0, y0];
  const from = Math.max(0, Math.ceil(y0 - 0.5) - top);
  const to = Math.min(rows.length - 1, Math.ceil(y1 - 0.5) - 1 - top);
  const slope = (x1 - x0) / (y1 - y0);
  for (let row = from; row <= to; row++) rows[row].push(x0 + (row + top + 0.5 - y0) * slope);
}

/**
 * @param {Geometry} geometry
 * @param {CanvasRenderingContext2D} pen
 * @returns {Painter}
 */
function indexPainter(geometry, pen) {
  /** @type {Map<number, Path2D>} */
  const paths = new Map(); // built only for the few regions that are ever outlined
  const table = new Uint32Array(2 * geometry.regions.length + 2); // 0, 1: sea; then two per region
  /** @type {View} */
  let view;
  /** @type {Uint16Array | Uint32Array} */
  let index;
  /** @type {ImageData} */
  let image;
  /** @type {Uint32Array} */
  let pixels;
  /** @type {{ missing: number, hatch: number, bound(colour: string): number }} */
  let ink;

  /**
   * @param {View} next
   * @param {Theme} theme
   */
  function prepare(next, theme) {
    const keys = /** @type {const} */ (["k", "x", "y", "dpr", "width", "height"]);
    const moved = !view || keys.some((key) => view[key] !== next[key]);
    view = next;
    ink = { missing: packed(theme.missing), hatch: packed(theme.hatch), bound: (colour) => packed(inkOn(colour, theme)) };
    if (moved) build();
  }

  function build() {
    const width = Math.round(view.width * view.dpr);
    const height = Math.round(view.height * view.dpr);
    index = table.length > 65536 ? new Uint32Array(width * height) : new Uint16Array(width * height);
    image = pen.createImageData(width, height);
    pixels = new Uint32Array(image.data.buffer);
    const step = Math.round(HATCH * view.dpr);
    /**
     * @param {number} row
     * @param {number} from
     * @param {number} to
     * @param {number} code
     */
    const mark = (row, from, to, code) => {
      const base = row * width;
      // the hatch is part of the index: an odd number is a stroke of the pattern
      for (let x = from; x < to; x++) index[base + x] = code + ((x + row) % step < view.dpr ? 1 : 0);
    };
    geometry.regions.forEach((region, i) => {
      let seen = false;
      scan(region, geometry.arcs, view, width, height, (row, from, to) => {
        seen = true;
        mark(row, from, to, 2 * i + 2);
      });
      if (!seen) speck(region, 2 * i + 2, width, height);
    });
  }

  /**
   * A region smaller than a pixel still gets one.
   * @param {Region} region
   * @param {number} code
   * @param {number} width
   * @param {number} height
   */
  function speck(region, code, width, height) {
    const x = Math.floor((region.x * view.k + view.x) * view.dpr);
    const y = Math.floor((region.y * view.k + view.y) * view.dpr);
    if (x >= 0 && y >= 0 && x < width && y < height) index[y * width + x] = code;
  }

  /**
   * @param {Iterable<number>} changed
   * @param {Styler} style
   */
  function paint(changed, style) {
    for (const i of changed) {
      const look = style(i);
      table[2 * i + 2] = look.missing ? ink.missing : packed(look.colour);
      table[2 * i + 3] = look.missing ? ink.hatch : look.bound ? ink.bound(look.colour) : table[2 * i + 2];
    }
    for (let p = 0; p < index.length; p++) pixels[p] = table[index[p]];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.putImageData(image, 0, 0);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  function find(x, y) {
    const px = Math.floor((x * view.k + view.x) * view.dpr);
    const py = Math.floor((y * view.k + view.y) * view.dpr);
    const width = image.width;
    if (px < 0 || py < 0 || px >= width || py >= image.height) return -1;
    return (index[py * width + px] >> 1) - 1;
  }

  /** @param {number} i */
  function shape(i) {
    if (!paths.has(i)) paths.set(i, pathOf(geometry.regions[i], geometry.arcs));
    return /** @type {Path2D} */ (paths.get(i));
  }

  return { prepare, paint, find, shape, whole: true };
}

/** @type {Map<string, number>} */
const packedColours = new Map();

/**
 * "#rrggbb" -> a pixel as the machine stores it (little endian: ABGR), remembered per colour.
 * @param {string} colour
 */
function packed(colour) {
  let value = packedColours.get(colour);
  if (value === undefined) {
    const n = parseInt(colour.slice(1), 16);
    value = ((255 << 24) | ((n & 255) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
    packedColours.set(colour, value);
  }
  return value;
}

/**
 * The painter that is quicker for so many regions.
 * @param {Geometry} geometry
 * @param {CanvasRenderingContext2D} pen
 * @returns {Painter}
 */
export function painterFor(geometry, pen) {
  return geometry.regions.length > MANY ? indexPainter(geometry, pen) : pathPainter(geometry, pen);
}
