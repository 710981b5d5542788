// The shift in figures, slice by slice: each with its interval and the assumption that the interval rests on.

import { element } from "../page/elements.js";
import { AT_MOST, LOWER, decimal, fill, written } from "../page/format.js";
import { scaleOf } from "../page/model.js";
import { placeText } from "./centre.js";
import { titleOf, trackOf } from "./measures.js";

/**
 * @import { Band, Metric, Scaled } from "../types"
 * @import { Figures, Measure, Modes, Now, ShiftApp, Track } from "./types"
 */

/** @typedef {[text: string, assumption: string]} Interval */
/** @typedef {[name: string, value: string, ...intervals: Interval[]]} Figure */

/**
 * @param {ShiftApp} app
 * @param {Modes} modes
 * @param {Now} now
 * @param {() => void} changed
 * @returns {Figures}
 */
export function panelOf({ root, page, $, state }, modes, now, changed) {
  const { words, digits } = modes;
  if (!modes.readings.length) return { show() {}, links: {}, bands: () => [] };
  const style = page.metrics[0].style;
  const box = element("section", "gt-panel");
  const title = element("h3", "", words.panel);
  title.id = root.id + "-panel";
  title.setAttribute("aria-level", String(Number($(".gt-title").tagName[1]) + 1));
  box.setAttribute("aria-labelledby", title.id);
  const reading = chooser(words.scenario, modes.readings.map((each, i) => [String(i), each.title]), (i) => {
    now.reading = Number(i);
    changed();
  });
  const names = [...new Set(Object.values(modes.readings[0].bands).flatMap((line) => Object.keys(line)))];
  const bandNames = ["", ...names].map((name) => /** @type {[string, string]} */ ([name, name ? words[name] ?? name : words.bandNone]));
  const band = chooser(words.band, bandNames, (name) => {
    now.band = name;
    changed();
  });
  now.band = names.includes("stars") ? "stars" : "";
  band.select.value = now.band;
  const head = element("div", "gt-panel-head");
  head.append(title, reading.label, band.label);
  const list = element("dl", "gt-figures");
  const notes = element("div", "gt-panel-notes");
  box.append(head, list, notes);
  $(".gt-time").after(box);

  let noted = "";
  const current = () => modes.readings[now.reading];
  const number = (/** @type {Scaled} */ value, /** @type {number} */ places) => decimal(value, places, places, style);
  const percent = (/** @type {Scaled} */ value, status = 1, places = digits.share) =>
    written(value, status, { digits: places, unit: "%", least: 2, style, words: page.words });

  // While the map plays, what is off the screen waits: it is brought up to date when it is seen, or at the end.
  let seen = true;
  new IntersectionObserver((entries) => {
    seen = entries[entries.length - 1].isIntersecting;
    if (seen) show(state.t);
  }).observe(box);

  /**
   * @param {number} t
   * @param {boolean} [playing]
   */
  function show(t, playing) {
    if (playing && !seen) return;
    list.replaceChildren(...rows(t).map(row));
    if (noted === [now.reading, now.band].join()) return;
    noted = [now.reading, now.band].join();
    const sentences = current().crossings.map((text) => element("p", "", text));
    const assumed = now.reading ? [element("p", "gt-hint", current().assumption + page.words.gap + words.scenarioHint)] : [];
    const about = now.band ? [element("p", "gt-hint", fill(words.bandHint, { name: words[now.band], sentence: modes.assumptions[now.band] ?? "" }))] : [];
    notes.replaceChildren(...sentences, ...assumed, ...about);
  }

  /** @param {Figure} figure */
  function row([name, value, ...intervals]) {
    const pair = element("div");
    const told = element("dd", "", value);
    for (const [text, assumption] of intervals) {
      const line = element("span", "gt-interval", text + " ");
      line.append(element("small", "", assumption));
      told.append(line);
    }
    pair.append(element("dt", "", name), told);
    return pair;
  }

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

  /**
   * The chart's bands: of the groups, where the metric is the shares that the measures are of.
   * @param {Metric} metric
   * @returns {Band[]}
   */
  function bands(metric) {
    if (page.metrics.indexOf(metric)) return [];
    const factor = (/** @type {number} */ places) => 10 ** (scaleOf(metric) - places);
    return page.groups.flatMap((group) => {
      if (now.reading && now.reading < modes.readings.length && group.id in current().lines) {
        const [read, own] = [current().lines[group.id], modes.readings[0].lines[group.id]];
        const [low, high] = [ends(read, own, Math.min), ends(read, own, Math.max)];
        return [{ colour: group.colour, low, high, factor: factor(digits.share) }];
      }
      const found = now.band && modes.readings[0].bands[group.id]?.[now.band];
      return found ? [{ colour: group.colour, low: found[0], high: found[1], factor: factor(digits.band) }] : [];
    });
  }

  return {
    show, bands,
    links: {
      reading: {
        write: () => (now.reading ? modes.readings[now.reading].name : ""),
        read(name) {
          now.reading = Math.max(0, modes.readings.findIndex((each) => each.name === name));
          reading.select.value = String(now.reading);
        },
      },
    },
  };
}

/**
 * Of two tracks the one that is picked, slice by slice.
 * @param {Track} read
 * @param {Track} own
 * @param {(a: Scaled, b: Scaled) => Scaled} pick
 * @returns {Track}
 */
function ends(read, own, pick) {
  return read.map((value, t) => {
    const other = own[t];
    return value === null || other === null ? null : pick(value, other);
  });
}

/**
 * A select under its name.
 * @param {string} name
 * @param {[value: string, title: string][]} choices
 * @param {(value: string) => void} chosen
 */
function chooser(name, choices, chosen) {
  const label = element("label", "gt-screen", name + " ");
  const select = element("select", "gt-pick");
  for (const [value, title] of choices) {
    const option = element("option", "", title);
    option.value = value;
    select.append(option);
  }
  select.addEventListener("change", () => chosen(select.value));
  label.append(select);
  return { label, select };
}
