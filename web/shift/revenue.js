// Revenue against hashrate: a panel for each denominator, one above the other on one time axis.

import { element, svg } from "../page/elements.js";
import { AT_MOST, LOWER, dayOf, withUnit, written } from "../page/format.js";
import { timeScale } from "../page/scale.js";

export function revenueOf(root, page, modes) {
  const { words } = modes;
  const home = root.querySelector('[data-question="revenue"] summary');
  if (!home || !modes.panels.length) return { draw() {} };
  const style = page.metrics[0].style;
  const panels = modes.panels.map((panel) => ({ ...panel, spans: panel.spans.map(([start, end, value, status]) => ({ from: dayOf(start), to: dayOf(end), value, status })) }));
  const all = panels.flatMap((panel) => panel.spans);
  const axis = [{ from: Math.min(...all.map((span) => span.from)) }, { to: Math.max(...all.map((span) => span.to)) }];
  const box = element("div", "gt-revenue");
  const note = element("p", "gt-hint", words.revenueAxis);
  const pictures = panels.map((panel) => {
    const picture = svg("svg", { role: "img", "aria-label": panel.title });
    box.append(element("p", "gt-revenue-title", panel.title), picture);
    return picture;
  });
  home.after(note, box);
  home.parentNode.addEventListener("toggle", draw);

  function draw() {
    const width = box.clientWidth;
    if (!width) return;
    const within = timeScale(axis, width - 40);
    const scale = (day) => 40 + within(day); // right of the axis' figures
    panels.forEach((panel, i) => drawPanel(pictures[i], panel, width, scale, i === panels.length - 1));
  }

  function drawPanel(picture, panel, width, scale, last) {
    const [top, bottom] = [16, 94];
    const height = last ? 114 : 100;
    const y = (value) => bottom - (value / 100) * (bottom - top);
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) picture.setAttribute(name, value);
    picture.replaceChildren();
    for (const tick of [0, 50, 100]) {
      svg("line", { x1: 0, x2: width, y1: y(tick), y2: y(tick), class: tick ? "gt-grid" : "gt-axis" }, picture);
      svg("text", { x: 2, y: y(tick) - 3, class: "gt-tick" }, picture).textContent = tick ? withUnit(String(tick), "%", style) : "";
    }
    const first = new Date(axis[0].from * 864e5).getUTCFullYear();
    for (let year = first + 1; dayOf(`${year}-01-01`) < axis[1].to; year++) {
      const x = scale(dayOf(`${year}-01-01`));
      svg("line", { x1: x, x2: x, y1: top, y2: bottom + (last ? 5 : 0), class: "gt-grid" }, picture);
      if (last && (width > 460 || year % 2)) svg("text", { x: x + 2, y: bottom + 15, class: "gt-tick" }, picture).textContent = String(year);
    }
    const short = panel.spans.every((span) => span.to - span.from < 40);
    for (const span of panel.spans) {
      const [x, right] = [scale(span.from), scale(span.to)];
      const bar = svg("line", { x1: x, x2: Math.max(right, x + 2), y1: y(span.value), y2: y(span.value), class: "gt-revenue-span" + (span.status === LOWER || span.status === AT_MOST ? " gt-revenue-open" : "") }, picture);
      const how = { digits: 9, scale: 0, least: 0, whole: 100, style, words: page.words };
      const text = written(span.value, span.status, { ...how, unit: "%" });
      svg("title", {}, bar).textContent = text;
      const under = y(span.value) < top + 12 || panel.spans.some((other) => other !== span && other.from < span.to && span.from < other.to && other.value > span.value);
      if (!short && right - x > 16) svg("text", { x: (x + right) / 2, y: y(span.value) + (under ? 14 : -5), "text-anchor": "middle", class: "gt-tick" }, picture).textContent = written(span.value, span.status, { ...how, most: 0, words: { ...page.words, atLeast: "≥ {value}", atMost: "≤ {value}" } });
    }
  }

  return { draw };
}
