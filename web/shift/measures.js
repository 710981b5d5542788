// The measures that a page tells with an interval: in its panel, and in the rows of its CSV.

import { AT_MOST, LOWER } from "../page/format.js";

/**
 * Of each its word, its name in the CSV, the track that is told and which bound that is, and the interval's ends.
 * The tracks are those of a measure in geotrack/map/measures.py.
 */
export const SPANNED = /** @type {const} */ ([
  { word: "hhi", column: "hhi", told: "hhi_low", bound: LOWER, low: "hhi_low", high: "hhi_high" },
  { word: "effective", column: "effective_number", told: "effective_high", bound: AT_MOST, low: "effective_low", high: "effective_high" },
]);

/** @typedef {(typeof SPANNED)[number]["told" | "low" | "high"]} SpannedTrack */
