// Reading what the page carries: base64 text -> raw deflate -> little binary tables.

/** @import { Geometry, Placer, Region } from "../types.d.ts" */

/**
 * A cursor over varints.
 * @typedef {{ unsigned(): number, signed(): number, done(): boolean }} Reader
 */

/**
 * base64 -> bytes
 * @param {string} text
 */
function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * raw deflate -> bytes; the browser inflates, so the page carries no library for it
 * @param {string} text
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function inflate(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * base64 of raw deflated JSON -> what it says
 * @template Told what the page is known to carry there
 * @param {string} text
 * @returns {Promise<Told>}
 */
export async function inflateJson(text) {
  return JSON.parse(new TextDecoder().decode(await inflate(text)));
}

/**
 * A cursor over unsigned LEB128 varints; signed numbers are zigzag coded.
 * @param {Uint8Array} bytes
 * @returns {Reader}
 */
export function reader(bytes) {
  let at = 0;
  function unsigned() {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }
  function signed() {
    const n = unsigned();
    return n % 2 ? -(n + 1) / 2 : n / 2;
  }
  return { unsigned, signed, done: () => at >= bytes.length };
}

/**
 * Values: whole numbers at the source's own precision. First every unit's first known value, then unit by
 * unit, in the order of those, the steps to its further known values; missing cells are not in the stream.
 * A value may exceed 32 bits (amounts in dollars), hence doubles: exact up to 2^53.
 * @param {Uint8Array} bytes
 * @param {number} units
 * @param {number} slices
 * @param {Uint8Array} status
 * @returns {Float64Array}
 */
export function readValues(bytes, units, slices, status) {
  const read = reader(bytes);
  const values = new Float64Array(units * slices);
  const first = Array.from({ length: units }, read.signed);
  const order = [...first.keys()].sort((a, b) => first[a] - first[b] || a - b);
  for (const u of order) {
    /** @type {number | null} */
    let value = null;
    for (let at = u * slices; at < (u + 1) * slices; at++) {
      if (!status[at]) continue;
      value = value === null ? first[u] : value + read.signed();
      values[at] = value;
    }
  }
  return values;
}

/**
 * Geometry: arcs once, then per region polygons of rings of arc references (i, or ~i when reversed),
 * then a label point per region. `place` turns quantised units into the map's own pixels at zoom 0.
 * @param {Uint8Array} bytes
 * @param {Placer} place
 * @returns {Geometry}
 */
export function readGeometry(bytes, place) {
  const read = reader(bytes);
  /** @type {Float64Array[]} */
  const arcs = [];
  for (let n = read.unsigned(); n > 0; n--) arcs.push(readArc(read, place));
  /** @type {number[][][]} */
  const shapes = [];
  for (let n = read.unsigned(); n > 0; n--) {
    /** @type {number[][]} */
    const rings = [];
    for (let p = read.unsigned(); p > 0; p--) {
      for (let r = read.unsigned(); r > 0; r--) {
        /** @type {number[]} */
        const refs = [];
        for (let a = read.unsigned(); a > 0; a--) refs.push(read.signed());
        rings.push(refs);
      }
    }
    shapes.push(rings);
  }
  const regions = shapes.map((rings) => {
    const [x, y] = place(read.signed(), read.signed());
    return { rings, x, y, box: boxOf(rings, x, y, arcs) };
  });
  return { arcs, regions };
}

/**
 * @param {Reader} read
 * @param {Placer} place
 */
function readArc(read, place) {
  const points = read.unsigned();
  const arc = new Float64Array(points * 2);
  for (let i = 0, x = 0, y = 0; i < points; i++) {
    const at = place((x += read.signed()), (y += read.signed()));
    arc[2 * i] = at[0];
    arc[2 * i + 1] = at[1];
  }
  return arc;
}

/**
 * @param {number[][]} rings
 * @param {number} x
 * @param {number} y
 * @param {Float64Array[]} arcs
 */
function boxOf(rings, x, y, arcs) {
  /** @type {Region["box"]} */
  const box = [x, y, x, y];
  for (const ring of rings) {
    for (const ref of ring) {
      const arc = arcs[ref < 0 ? ~ref : ref];
      for (let i = 0; i < arc.length; i += 2) {
        if (arc[i] < box[0]) box[0] = arc[i];
        if (arc[i] > box[2]) box[2] = arc[i];
        if (arc[i + 1] < box[1]) box[1] = arc[i + 1];
        if (arc[i + 1] > box[3]) box[3] = arc[i + 1];
      }
    }
  }
  return box;
}

/**
 * Calls point(x, y, first) along a ring; the arcs' shared end points are visited once.
 * @param {number[]} refs
 * @param {Float64Array[]} arcs
 * @param {(x: number, y: number, first: boolean) => void} point
 * @returns {void}
 */
export function walkRing(refs, arcs, point) {
  let first = true;
  for (const ref of refs) {
    const reversed = ref < 0;
    const arc = arcs[reversed ? ~ref : ref];
    const n = arc.length / 2;
    for (let k = first ? 0 : 1; k < n; k++) {
      const i = 2 * (reversed ? n - 1 - k : k);
      point(arc[i], arc[i + 1], first);
      first = false;
    }
  }
}

/**
 * The arcs that occur an odd number of times among some regions: their common outline.
 * @param {Geometry} geometry
 * @param {Iterable<number>} members
 * @returns {number[]}
 */
export function outline(geometry, members) {
  /** @type {Set<number>} */
  const odd = new Set();
  for (const member of members) {
    for (const ring of geometry.regions[member].rings) {
      for (const ref of ring) {
        const arc = ref < 0 ? ~ref : ref;
        if (!odd.delete(arc)) odd.add(arc);
      }
    }
  }
  return [...odd];
}

/**
 * The arcs that two of these regions share.
 * @param {Geometry} geometry
 * @param {number[]} regions
 * @returns {number[]}
 */
export function innerArcs(geometry, regions) {
  /** @type {Set<number>} */
  const seen = new Set();
  const outer = new Set(outline(geometry, regions));
  for (const i of regions) for (const ring of geometry.regions[i].rings) for (const ref of ring) seen.add(ref < 0 ? ~ref : ref);
  return [...seen].filter((arc) => !outer.has(arc));
}
