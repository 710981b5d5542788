// The shift in figures, slice by slice: each with its interval and the assumption that the interval rests on.

import { element } from "../page/elements.js";
import { fill } from "../page/format.js";
import { scaleOf } from "../page/model.js";
import { figuresOf } from "./figures.js";

/**
 * @import { Band, Metric, Scaled } from "../types"
 * @import { Figure } from "./figures.js"
 * @import { Figures, Modes, Now, ShiftApp, Track } from "./types"
 */

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
  const figures = figuresOf(page, modes, now);

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
    list.replaceChildren(...figures(t).map(row));
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
