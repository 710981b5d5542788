// Where a region of the time layer is in its container, and which region is there.

/** @import { Look } from "../types.d.ts" */
/** @import { Body } from "./layer.js" */

/**
 * The look of every region before anything is shown.
 * @returns {Look}
 */
export function blank() {
  return { missing: true, quiet: true };
}

export const FINDING = /** @type {Body} */ ({
  // Region under a point of the container, or -1.
  at(point) {
    if (!this.view) return -1;
    const x = (point.x - this.view.x) / this.view.k;
    const y = (point.y - this.view.y) / this.view.k;
    return this.painter.find(x, y, this.style || blank);
  },

  // The middle of what several regions cover, in the container; far islands and Antarctica do not count.
  middle(regions) {
    /** @param {number} i */
    const size = (i) => {
      const [x0, y0, x1, y1] = this.geometry.regions[i].box;
      return (x1 - x0) * (y1 - y0);
    };
    let x = 0, y = 0, sum = 0;
    for (const i of regions) {
      const region = this.geometry.regions[i];
      const weight = Math.sqrt(size(i));
      x += region.x * weight;
      y += region.y * weight;
      sum += weight;
    }
    return this.seen(x / (sum || 1), y / (sum || 1));
  },

  // Where a region's label point stands in the container.
  spot(i) {
    const region = this.geometry.regions[i];
    return this.seen(region.x, region.y);
  },

  // A map in a closed tab, a folded part or a frame not laid out yet has no size, hence no view.
  seen(x, y) {
    const { k, x: dx, y: dy } = this.view || { k: 0, x: 0, y: 0 };
    return { x: x * k + dx, y: y * k + dy };
  },

  // Whether a region is there to be seen: a dot is drawn only where it has something to say.
  drawn(i) {
    return this.geometry.regions[i].rings.length > 0 || !(this.style || blank)(i).quiet;
  },

  // The nearest region in a direction, for walking with the arrow keys.
  neighbour(from, dx, dy, allowed) {
    const start = this.geometry.regions[from];
    let best = -1;
    let least = Infinity;
    this.geometry.regions.forEach((region, i) => {
      if (i === from || !allowed(i)) return;
      const ahead = (region.x - start.x) * dx + (region.y - start.y) * dy;
      const aside = Math.abs((region.x - start.x) * dy) + Math.abs((region.y - start.y) * dx);
      if (ahead <= 0 || aside > 2 * ahead) return;
      const cost = ahead + 1.6 * aside;
      if (cost < least) [best, least] = [i, cost];
    });
    return best;
  },
});
