// Mouse and finger on the map.

/** @import { App, Spot } from "../types.d.ts" */

/**
 * Listens for the mouse and the finger.
 * @param {App} app
 * @returns {void}
 */
export function pointerOf(app) {
  const { frame, map, layer, state, selection } = app;
  const place = app.$(".folium-map");
  const coarse = () => window.matchMedia("(pointer: coarse)").matches;

  frame.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons || !layer.view) return;
    if (/** @type {Element} */ (event.target).closest(".leaflet-control, .gt-tip")) return;
    const box = frame.getBoundingClientRect();
    hover({ x: event.clientX - box.left, y: event.clientY - box.top });
  });
  frame.addEventListener("pointerleave", () => rest());

  /** @param {Spot} spot */
  function hover(spot) {
    const region = layer.at(spot);
    state.hover = region;
    state.spot = region >= 0 ? spot : null;
    if (region >= 0) selection.tell(region, spot);
    else if (state.region >= 0) selection.tell(state.region);
    else if (selection.tip.shown()) selection.hide();
  }

  function rest() {
    state.hover = -1;
    state.spot = null;
    if (state.region >= 0) selection.tell(state.region);
    else selection.hide();
  }

  map.on("click", (event) => {
    const region = layer.at(event.containerPoint);
    const read = region === state.region || !coarse(); // a finger cannot hover
    selection.point(region, event.containerPoint);
    if (read) app.shift?.enter(region);
  });

  // The wheel scrolls the article until the reader has stepped into the map.
  map.scrollWheelZoom.disable();
  place.addEventListener("focus", () => map.scrollWheelZoom.enable());
  place.addEventListener("blur", () => map.scrollWheelZoom.disable());

  // A finger scrolls the page until the map is larger than its frame.
  function drag() {
    const zoomed = map.getZoom() > /** @type {number} of a hidden map nothing is more */ (layer.home) + 0.01;
    map.dragging[zoomed || !coarse() ? "enable" : "disable"]();
    place.style.touchAction = zoomed ? "none" : "pan-x pan-y pinch-zoom";
  }
  drag();
  map.on("zoomend", drag);
}
