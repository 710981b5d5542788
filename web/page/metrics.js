// Which metric is shown.

/** @import { App } from "../types.d.ts" */

/**
 * The choice of the metric.
 * @param {App} app
 */
export function metricsOf({ root, page, state, redraw }) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const found = root.querySelectorAll(".gt-metric input");
  const inputs = [...found];
  inputs.forEach((input, m) => {
    input.addEventListener("change", () => {
      state.m = m;
      redraw();
    });
  });
  return {
    links: {
      m: {
        write: () => (page.metrics.length > 1 ? page.metrics[state.m].id : ""),
        /** @param {string | undefined} id */
        read: (id) => (state.m = Math.max(0, page.metrics.findIndex((each) => each.id === id))),
      },
    },
    draw: () => inputs.forEach((input, m) => (input.checked = m === state.m)),
  };
}
