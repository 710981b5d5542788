// The region that is pointed at or chosen: what is said of it, and where.

import { heardOf } from "./model.js";
import { describe, sparkOf, spoken, tipOf } from "./tip.js";

/** @import { App, Selection, Spot } from "../types.d.ts" */

/**
 * What is chosen on a map.
 * @param {App} app
 * @returns {Selection}
 */
export function selectionOf(app) {
  const { page, state, layer, looks } = app;
  const tip = tipOf(app.frame);

  /**
   * @param {number} region
   * @param {Spot | null} [spot]
   * @param {boolean} [aloud]
   */
  function tell(region, spot, aloud) {
    const u = heardOf(page, app.metric(), region, looks.owners()[region], state.t);
    const text = describe(page, app.metric(), region, u, state.t);
    layer.mark(u >= 0 && page.units[u].kind === "aggregate" ? page.units[u].members : [region]);
    tip.show(text, u >= 0 ? sparkOf(page, page.metrics[state.m], u, state.t) : null, spot || layer.spot(region));
    if (aloud) app.say(spoken(text, page.words));
  }

  /**
   * @param {number} region
   * @param {Spot | null} [spot]
   */
  function point(region, spot) {
    state.region = region;
    if (region < 0) return leave();
    tell(region, spot, true);
    app.remember();
    return undefined;
  }

  function leave() {
    state.region = -1;
    app.say("");
    hide();
    app.remember();
  }

  function hide() {
    tip.hide();
    layer.mark([]);
  }

  return {
    tip, tell, point, leave, hide,
    links: {
      r: {
        write: () => (state.region >= 0 ? page.codes[state.region] : ""),
        read(code) {
          state.region = page.codes.indexOf(/** @type {string} */ (code)); // undefined is none of them
          if (state.region < 0) hide();
        },
      },
    },
    show() {
      if (tip.shown()) tell(state.hover >= 0 ? state.hover : state.region, state.spot);
    },
    place() {
      if (tip.shown() && state.hover < 0 && state.region >= 0) tell(state.region);
    },
    settle() {
      if (state.region >= 0) point(state.region);
    },
  };
}
