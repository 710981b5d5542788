// The modes of a shift: their script travels packed beside their tables, and is unpacked where a page has them.

import { inflate } from "../map/decode.js";

/** @import { App, HalfReadPage, RawPage, Served, Shift } from "../types.d.ts" */
/** @import { Modes } from "../shift/types.d.ts" */

/**
 * Reads a page's modes, once their script is there.
 * @param {RawPage} raw one that has modes
 * @param {HalfReadPage} page
 * @returns {Promise<Modes>}
 */
export async function loadModes({ modes, script }, page) {
  if (!window.geotrack.readModes) {
    const node = document.createElement("script");
    node.textContent = new TextDecoder().decode(await inflate(/** @type {string} */ (script)));
    document.head.append(node);
  }
  return /** @type {Required<Served>} */ (window.geotrack).readModes(/** @type {string} */ (modes), page);
}

/**
 * A guest shows the levels only.
 * @param {App} app
 * @returns {Shift | null}
 */
export function shiftOf(app) {
  /** @type {Record<string, string | undefined>} */
  const { layout, fixed } = { ...app.root.dataset, ...app.asked() };
  if (!app.page.modes || layout === "compact" || ["true", "1"].includes(/** @type {string} */ (fixed))) return null;
  app.shift = /** @type {Required<Served>} */ (window.geotrack).modes(app);
  return app.shift;
}
