// One scale of real time, which chart, slider and tooltip share.

/** @import { Slice, TimeScale } from "../types.d.ts" */

/** Half the slider's thumb, in pixels. */
export const INSET = 10;

/**
 * The scale of some slices, in a drawing of a width.
 * @param {Pick<Slice, "from" | "to">[]} slices
 * @param {number} width
 * @returns {TimeScale}
 */
export function timeScale(slices, width) {
  const first = slices[0].from;
  const span = slices[slices.length - 1].to - first || 1;
  return (day) => INSET + ((day - first) / span) * (width - 2 * INSET);
}
