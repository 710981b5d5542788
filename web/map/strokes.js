// What the time layer paints: the regions, their borders and outlines, and the one that is marked.

import { atView, clear, linesOf } from "./canvas.js";
import { innerArcs, outline } from "./decode.js";
import { blank } from "./finding.js";

/** @import { View } from "../types.d.ts" */
/** @import { Body } from "./layer.js" */

export const STROKES = /** @type {Body} */ ({
  // Paints everything anew in the page's present colours; needs no size, so that a hidden map can be printed.
  dress() {
    if (!this.view) return;
    this.theme = this.data.theme();
    this.painter.prepare(this.view, this.theme);
    this.painter.paint(this.geometry.regions.keys(), this.style || blank, this.joined);
    this.lines();
    this.mark(this.marked);
  },

  lines() {
    const pen = this.pens[1];
    const theme = this.theme;
    clear(pen);
    const view = /** @type {View} */ (this.view);
    atView(pen, view);
    const px = 1 / view.k;
    pen.lineJoin = "round";
    /** @type {(path: Path2D, colour: string, width: number, dash?: number[]) => void} */
    const stroke = (path, colour, width, dash) => {
      pen.strokeStyle = colour;
      pen.lineWidth = width * px;
      pen.setLineDash((dash || []).map((n) => n * px));
      pen.stroke(path);
    };
    stroke(this.mesh, theme.border, this.painter.whole ? 0.35 : 0.6);
    if (this.data.disputed.length) {
      stroke(this.disputed, theme.page, 1.4);
      stroke(this.disputed, theme.dispute, 1.1, [2.5, 2.5]);
    }
    this.data.outlines.forEach((_, i) => {
      stroke(this.outlines[i], theme.page, 3.2);
      stroke(this.outlines[i], theme.groups[i], 1.8);
    });
    pen.setLineDash([]);
    if (!this.painter.whole) this.dots(pen, px);
  },

  dots(pen, px) {
    pen.strokeStyle = this.theme.ink;
    pen.lineWidth = 0.8 * px;
    this.geometry.regions.forEach((region, i) => {
      if (!region.rings.length && !(this.style || blank)(i).quiet) pen.stroke(this.painter.shape(i));
    });
  },

  // Repaints the regions whose look has changed; borders within an undivided aggregate are not drawn.
  show(style, changed, joined) {
    this.style = style;
    this.joined = joined;
    const again = this.join(joined);
    if (!this.view) return; // it is painted when it is seen
    if (changed.length) this.painter.paint(changed, style, joined);
    if (again) this.lines();
  },

  // The borders to draw: all but those that lie within an aggregate. Returns whether they changed.
  join(joined) {
    const key = joined.map(({ unit, regions }) => unit + ":" + regions.join(".")).join();
    if (key === this.joinKey) return false;
    this.joinKey = key;
    const inner = new Set(joined.flatMap(({ regions }) => innerArcs(this.geometry, regions)));
    this.mesh = linesOf(this.geometry.arcs, [...this.geometry.arcs.keys()].filter((arc) => !inner.has(arc)));
    return true;
  },

  // Outlines the region that is pointed at or focused.
  mark(members) {
    this.marked = members;
    if (!this.view) return;
    const pen = this.pens[2];
    clear(pen);
    if (!members || !members.length) return;
    atView(pen, this.view);
    const px = 1 / this.view.k;
    const dots = members.filter((i) => !this.geometry.regions[i].rings.length && this.drawn(i));
    const edge = linesOf(this.geometry.arcs, outline(this.geometry, members));
    for (const [colour, width] of /** @type {const} */ ([[this.theme.page, 4.5], [this.theme.ink, 2.2]])) {
      pen.strokeStyle = colour;
      pen.lineWidth = width * px;
      pen.stroke(edge);
      for (const i of dots) pen.stroke(this.painter.shape(i));
    }
  },
});
