// Paper is light: while the page prints, the map is a plain picture in light colours that scales with it.

/** @import { App } from "../types.d.ts" */

/**
 * Listens for the page being printed.
 * @param {App} app
 * @returns {void}
 */
export function printOf(app) {
  const { root, frame, layer } = app;
  let unfolded = false;

  /** @param {boolean} printing */
  function print(printing) {
    if (printing === root.classList.contains("gt-light")) return;
    root.classList.toggle("gt-light", printing);
    app.restyle();
    unfold(printing);
    if (!printing) return;
    const pen = copyOf(/** @type {HTMLCanvasElement} */ (frame.querySelector(".gt-print")), layer.canvases);
    app.each("print", pen);
  }

  /**
   * Paper cannot be unfolded; on the screen it is again as the reader left it.
   * @param {boolean} printing
   */
  function unfold(printing) {
    const about = app.$(".gt-about"); // a guest's comes later
    if (!about) return;
    if (printing) unfolded = about.open;
    about.open = printing || unfolded;
  }

  window.addEventListener("beforeprint", () => print(true));
  window.addEventListener("afterprint", () => print(false));
  window.matchMedia("print").addEventListener("change", (event) => print(event.matches));
}

/**
 * One picture of a map's canvases, one over the other.
 * @param {HTMLCanvasElement} paper
 * @param {HTMLCanvasElement[]} canvases
 * @returns {CanvasRenderingContext2D}
 */
export function copyOf(paper, canvases) {
  paper.width = canvases[0].width;
  paper.height = canvases[0].height;
  const pen = /** @type {CanvasRenderingContext2D} */ (paper.getContext("2d"));
  for (const canvas of canvases) pen.drawImage(canvas, 0, 0);
  return pen;
}
