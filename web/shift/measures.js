// The measures that a page tells, in its panel and in the rows of its CSV: which they are, what they are called and
// which bounds they have stands in the page's tables, made from geotrack/map/measures.py.

/** @import { Modes, Reading, Track } from "./types" */

/**
 * The name that a measure has everywhere.
 * @param {Modes} modes
 * @param {string} key
 * @returns {string}
 */
export function titleOf(modes, key) {
  const found = modes.measures.find((each) => each.key === key);
  if (!found) throw new Error(`measure ${key} has no name`);
  return found.title;
}

/**
 * A measure's values, slice by slice.
 * @param {Reading} reading
 * @param {string} name
 * @returns {Track}
 */
export function trackOf(reading, name) {
  return /** @type {Record<string, Track>} each that a measure names */ (/** @type {unknown} */ (reading))[name];
}
