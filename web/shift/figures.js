// What the panel says of a slice: each share and each measure, and its intervals.

import { AT_MOST, LOWER, decimal, fill, written } from "../page/format.js";
import { placeText } from "./centre.js";
import { titleOf, trackOf } from "./measures.js";

/**
 * @import { Scaled } from "../types"
 * @import { Measure, Modes, Now, ShiftPage } from "./types"
 */

/** @typedef {[text: string, assumption: string]} Interval */
/** @typedef {[name: string, value: string, ...intervals: Interval[]]} Figure */

/**
 * The figures of a slice, as the reader's reading has them.
 * @param {ShiftPage} page
 * @param {Modes} modes
 * @param {Now} now
 * @returns {(t: number) => Figure[]}
 */
export function figuresOf(page, modes, now) {
  const { words, digits } = modes;
  const style = page.metrics[0].style;
  const current = () => modes.readings[now.reading];
  const number = (/** @type {Scaled} */ value, /** @type {number} */ places) => decimal(value, places, places, style);
  const percent = (/** @type {Scaled} */ value, status = 1, places = digits.share) =>
    written(value, status, { digits: places, unit: "%", least: 2, style, words: page.words });

  /**
   * @param {number} t
   * @returns {Figure[]}
   */
  function rows(t) {
    const { lines, least, most } = current();
    /** @type {Figure[]} */
    const shares = Object.entries(lines).map(([code, line]) =>
      [modes.lines[code], shareText(line[t], least[code].includes(t), most[code]?.[t] ?? null), ...rangesOf(code, t)]);
    return [...shares, ...modes.measures.flatMap((each) => (PLACE[each.key] ?? (each.pair ? since : ended))(each, t))];
  }

  /**
   * The mean centre in the place of its longitude, its latitude, and how far off it may be.
   * @type {Record<string, (measure: Measure, t: number) => Figure[]>}
   */
  const PLACE = {
    lon: (_, t) => [[words.centre, placeText(page, current().lon[t], current().lat[t]) || page.words.noData, ...within(current().reach[t])]],
    lat: () => [],
    reach: () => [],
  };

  /**
   * A measure of two slices: the first that has one, and this.
   * @param {Measure} measure
   * @param {number} t
   * @returns {Figure[]}
   */
  function since({ key, told, bound, unit }, t) {
    const track = trackOf(current(), told);
    const first = track.findIndex((each) => each !== null);
    if (first < 0 || t <= first || track[t] === null) return [];
    const status = [first, t].some((each) => current().open.includes(each)) ? bound : 1;
    const text = written(track[t], status, { digits: digits[told], unit, least: 2, style, words: page.words });
    return [[fill(words.since, { title: titleOf(modes, key), period: page.slices[first].label }), text]];
  }

  /**
   * @param {Scaled | null} value
   * @param {boolean} least
   * @param {Scaled | null} most what is known of it though it has no figure
   */
  function shareText(value, least, most) {
    if (value === null) return most === null ? page.words.noData : percent(most, AT_MOST);
    return percent(value, least ? LOWER : 1);
  }

  /**
   * A measure of a slice, then its interval.
   * @param {Measure} measure
   * @param {number} t
   * @returns {Figure[]}
   */
  function ended({ key, told, bound, low, high, unit }, t) {
    const [name, value, places] = [titleOf(modes, key), trackOf(current(), told)[t], digits[told]];
    if (value === null) return [[name, page.words.noData]];
    const text = (/** @type {Scaled} */ scaled, status = 1, least = 2) =>
      written(scaled, status, { digits: places, unit, least, style, words: page.words });
    const apart = low && high ? between(trackOf(current(), low)[t], trackOf(current(), high)[t], (end) => text(end), words.remainder) : [];
    return [[name, text(value, current().open.includes(t) ? bound : 1, places), ...apart]];
  }

  /**
   * An interval, none where its ends are one.
   * @param {Scaled | null} low
   * @param {Scaled | null} high
   * @param {(end: Scaled) => string} text
   * @param {string} assumption
   * @returns {Interval[]}
   */
  function between(low, high, text, assumption) {
    if (low === null || low === high) return [];
    return [[fill(words.interval, { low: text(low), high: text(/** @type {Scaled} */ (high)) }), assumption]];
  }

  /**
   * How far the centre may lie from where it is drawn; nothing where it lies there.
   * @param {number | null} reach
   * @returns {Interval[]}
   */
  function within(reach) {
    return reach ? [[fill(words.within, { km: number(reach, digits.reach) }), words.remainder]] : [];
  }

  /**
   * The intervals of a line under each assumption: those of the figures as reported.
   * @param {string} code
   * @param {number} t
   */
  function rangesOf(code, t) {
    if (now.reading) return [];
    const told = (/** @type {Scaled} */ end) => percent(end, 1, digits.band);
    return Object.entries(modes.readings[0].bands[code] || {}).flatMap(([name, [low, high]]) =>
      between(low[t], high[t], told, words[name] ?? name));
  }

  return rows;
}
