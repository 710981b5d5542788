// The legend of a metric: its classes, and what is no class of it.

import { element } from "./elements.js";
import { aside } from "./format.js";

/** @import { App, Metric, Page } from "../types.d.ts" */

/**
 * The legend as a list.
 * @param {Page} page
 * @param {Metric} metric
 * @param {boolean} isDark
 * @returns {HTMLElement}
 */
export function legendOf(page, metric, isDark) {
  const list = element("ul", "gt-legend");
  list.setAttribute("aria-label", page.words.legend + page.words.colon + aside(metric.title, metric.unit && metric.unitShown, page.words));
  const colours = isDark ? metric.dark : metric.light;
  metric.breaks.order.forEach((i) => {
    const label = metric.breaks.labels[i];
    const item = element("li");
    const swatch = element("span", "gt-swatch");
    swatch.style.background = colours[i];
    item.append(swatch, element("span", "", label));
    list.append(item);
  });
  const words = page.words;
  const extra = [["gt-swatch-missing", metric.missingLegend ?? words.noData]];
  if (metric.hasBounds) extra.push(["gt-swatch-bound", metric.boundLegend ?? words.boundLegend]);
  if (page.geo.territories.length) extra.push(["gt-swatch-dispute", words.disputed]);
  for (const [name, label] of extra) {
    const item = element("li");
    item.append(element("span", "gt-swatch " + name), element("span", "", label));
    list.append(item);
  }
  return list;
}

/**
 * The legend of the metric that is shown, in the page's colours.
 * @param {App} app
 */
export function legendControl(app) {
  const show = () => app.$(".gt-legend-box").replaceChildren(legendOf(app.page, app.metric(), app.isDark()));
  return { draw: show, dress: show };
}
