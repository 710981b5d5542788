// Which metric is shown.

export function metricsOf({ root, page, state, redraw }) {
  const inputs = [...root.querySelectorAll(".gt-metric input")];
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
        read: (id) => (state.m = Math.max(0, page.metrics.findIndex((each) => each.id === id))),
      },
    },
    draw: () => inputs.forEach((input, m) => (input.checked = m === state.m)),
  };
}
