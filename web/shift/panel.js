// The shift in figures, slice by slice: each with its interval and the assumption that the interval rests on.

import { element } from "../page/elements.js";
import { AT_MOST, LOWER, decimal, fill, written } from "../page/format.js";
import { scaleOf } from "../page/model.js";
import { placeText } from "./centre.js";

export function panelOf({ root, page, state }, modes, now, changed) {
  const { words, digits } = modes;
  if (!modes.readings.length) return { show() {}, links: {}, bands: () => [] };
  const style = page.metrics[0].style;
  const box = element("section", "gt-panel");
  const title = element("h3", "", words.panel);
  title.id = root.id + "-panel";
  title.setAttribute("aria-level", String(Number(root.querySelector(".gt-title").tagName[1]) + 1));
  box.setAttribute("aria-labelledby", title.id);
  const reading = chooser(words.scenario, modes.readings.map((each, i) => [i, each.title]), (i) => {
    now.reading = Number(i);
    changed();
  });
  const names = [...new Set(Object.values(modes.readings[0].bands).flatMap((line) => Object.keys(line)))];
  const band = chooser(words.band, [["", words.bandNone], ...names.map((name) => [name, words[name] ?? name])], (name) => {
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
  root.querySelector(".gt-time").after(box);

  let noted = "";
  const current = () => modes.readings[now.reading];
  const number = (value, places, least = places) => decimal(value, places, least, style);
  const percent = (value, status = 1, digits = modes.points) => written(value, status, { digits, unit: "%", least: 2, style, words: page.words });
  const interval = (low, high, text) => fill(words.interval, { low: text(low), high: text(high) });

  // While the map plays, what is off the screen waits: it is brought up to date when it is seen, or at the end.
  let seen = true;
  new IntersectionObserver((entries) => {
    seen = entries[entries.length - 1].isIntersecting;
    if (seen) show(state.t);
  }).observe(box);

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

  // [name, value, [interval, assumption], ...]
  function rows(t) {
    const now_ = current();
    const found = Object.entries(now_.lines).map(([code, line]) => [modes.lines[code], line[t] === null ? page.words.noData : percent(line[t], now_.least[code].includes(t) ? LOWER : 1), ...rangesOf(code, t)]);
    const both = (low, high, text) => (low === null || low === high ? [] : [[interval(low, high, text), words.remainder]]);
    const at = (key, places, bound, other) => {
      const value = now_[key][t];
      if (value === null) return [page.words.noData];
      const text = (scaled, status = 1) => written(scaled, status, { digits: places, least: 2, style, words: page.words });
      const open = now_[other]?.[t] !== value && now_[other] !== undefined;
      const own = text(value, open && bound ? bound : 1);
      const ends = bound === AT_MOST ? [now_[other][t], value] : [value, now_[other]?.[t] ?? null];
      return [own, ...(now_[other] ? both(...ends, text) : [])];
    };
    found.push([words.hhi, ...at("hhi_low", digits.hhi_low, LOWER, "hhi_high")]);
    found.push([words.effective, ...at("effective_high", digits.effective_high, AT_MOST, "effective_low")]);
    const length = now_.length[t];
    const reach = now_.reach[t] === null ? [] : [[fill(words.within, { km: number(now_.reach[t], 0) }), words.remainder]];
    found.push([words.centre, placeText(page, now_.lon[t], now_.lat[t]) || page.words.noData, ...reach]);
    found.push([words.R, length === null ? page.words.noData : number(length, digits.length), ...both(now_.length_low[t], now_.length_high[t], (v) => number(v, digits.length))]);
    const moved = now_.since_first[t];
    if (t && moved !== null) found.push([fill(words.sinceFirst, { period: page.slices[0].label }), percent(moved, LOWER)]);
    return found;
  }

  // The intervals of a line under each assumption: those of the figures as reported.
  function rangesOf(code, t) {
    if (now.reading) return [];
    return Object.entries(modes.readings[0].bands[code] || {}).flatMap(([name, [low, high]]) =>
      low[t] === null || low[t] === high[t] ? [] : [[interval(low[t], high[t], (end) => percent(end, 1, modes.points + 1)), words[name] ?? name]]);
  }

  // The chart's bands: of the groups, where the metric is the shares that the measures are of.
  function bands(metric) {
    if (page.metrics.indexOf(metric)) return [];
    const factor = (places) => 10 ** (scaleOf(metric) - places);
    return page.groups.flatMap((group) => {
      if (now.reading && now.reading < modes.readings.length && group.id in current().lines) {
        const [read, own] = [current().lines[group.id], modes.readings[0].lines[group.id]];
        const end = (pick) => read.map((value, t) => (value === null || own[t] === null ? null : pick(value, own[t])));
        return [{ colour: group.colour, low: end(Math.min), high: end(Math.max), factor: factor(modes.points) }];
      }
      const found = now.band && modes.readings[0].bands[group.id]?.[now.band];
      return found ? [{ colour: group.colour, low: found[0], high: found[1], factor: factor(modes.points + 1) }] : [];
    });
  }

  return {
    show, bands,
    links: {
      reading: {
        write: () => (now.reading ? modes.readings[now.reading].name : ""),
        read(name) {
          now.reading = Math.max(0, modes.readings.findIndex((each) => each.name === name));
          reading.select.value = now.reading;
        },
      },
    },
  };
}

function chooser(name, choices, chosen) {
  const label = element("label", "", name + " ");
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
