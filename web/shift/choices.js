// How a reader chooses what is shown: the mode, and the slice that changes count from.

import { buttonOf, element, svg } from "../page/elements.js";
import { INSET, timeScale } from "../page/scale.js";

/** @import { Handles, Now, ShiftApp } from "./types" */

/**
 * A segmented control of native radio buttons: arrow keys and screen readers know it.
 * @template {string} V
 * @param {HTMLElement} root
 * @param {string} name
 * @param {[value: V, title: string][]} choices
 * @param {(value: V) => void} chosen
 */
export function radios(root, name, choices, chosen) {
  const group = element("fieldset", "gt-modes");
  group.append(element("legend", "gt-hidden", name));
  for (const [value, title] of choices) {
    const label = element("label");
    const input = element("input");
    Object.assign(input, { type: "radio", name: `${root.id}-mode`, value });
    input.addEventListener("change", () => chosen(value));
    label.append(input, element("span", "", title));
    group.append(label);
  }
  const choose = (/** @type {V} */ value) => {
    /** @type {HTMLInputElement} */ (group.querySelector(`[value="${value}"]`)).checked = true;
  };
  return { group, choose };
}

/**
 * The handle of the slice that a change counts from, above that of the slice shown, on the same scale.
 * @param {ShiftApp} app
 * @param {Now} now
 * @param {{ paired(): boolean, pick(t: number): void, swap(): void }} choices of the reader
 * @returns {Handles}
 */
export function handlesOf({ root, page, $ }, now, { paired, pick, swap }) {
  const { words } = page.modes;
  const box = element("div", "gt-handles");
  const head = element("div", "gt-handle");
  const label = element("label", "", words.from + " ");
  const start = element("b");
  const range = element("input", "gt-from-range");
  const end = element("b");
  const button = buttonOf("gt-button gt-swap", words.swap, swap);
  const strip = svg("svg", { class: "gt-from-strip", "aria-hidden": "true", height: 12 });
  const track = element("div", "gt-from-box gt-screen");
  const { slices } = page;
  const centre = (/** @type {number} */ t) => Math.round((slices[t].from + slices[t].to) / 2 - slices[0].from);
  const clamp = (/** @type {number} */ t) => Math.max(0, Math.min(slices.length - 1, t));
  let from = 0;
  Object.assign(range, { type: "range", min: 0, max: slices[slices.length - 1].to - slices[0].from, step: 1, id: root.id + "-from" });
  range.setAttribute("aria-label", words.fromSlice);
  label.htmlFor = range.id;
  label.append(start);
  const to = element("span", "gt-handle-to", words.to + " ");
  to.append(end);
  head.append(label, to, button);
  track.append(strip, range);
  box.append(head, track);
  $(".gt-strip-box").before(box);

  let dragging = false;
  range.addEventListener("pointerdown", () => (dragging = true));
  for (const event of ["pointerup", "pointercancel", "blur"]) range.addEventListener(event, () => (dragging = false));
  range.addEventListener("input", () => {
    const day = Number(range.value);
    let best = 0;
    slices.forEach((_, t) => {
      if (Math.abs(centre(t) - day) < Math.abs(centre(best) - day)) best = t;
    });
    if (best === from && !dragging && day !== centre(from)) best = clamp(from + Math.sign(day - centre(from)));
    pick(best);
  });
  range.addEventListener("keydown", (event) => {
    const far = Math.max(1, Math.min(12, Math.round(slices.length / 4)));
    const next = /** @type {Record<string, number>} */ ({
      ArrowRight: from + 1, ArrowUp: from + 1, ArrowLeft: from - 1, ArrowDown: from - 1,
      PageUp: from + far, PageDown: from - far, Home: 0, End: slices.length - 1,
    })[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pick(clamp(next));
  });

  /**
   * @param {number} first
   * @param {number} t
   */
  function show(first, t) {
    if (box.hidden) return; // and the page need not be laid out for what nobody sees
    from = first;
    range.value = String(centre(first));
    range.setAttribute("aria-valuetext", slices[first].label);
    start.textContent = slices[first].label;
    end.textContent = slices[t].label;
    const width = Math.max(track.clientWidth, 120);
    const scale = timeScale(slices, width);
    const middle = (/** @type {number} */ i) => scale((slices[i].from + slices[i].to) / 2);
    const [left, right] = [middle(first), middle(t)].sort((a, b) => a - b);
    strip.setAttribute("width", String(width));
    strip.replaceChildren();
    svg("line", { x1: INSET, x2: width - INSET, y1: 6, y2: 6, class: "gt-axis" }, strip);
    svg("rect", { x: left, y: 3, width: right - left, height: 6, class: "gt-between" }, strip);
  }

  const links = {
    from: {
      write: () => (paired() ? slices[now.from].iso : ""),
      read(/** @type {string | undefined} */ iso) {
        now.from = Math.max(0, slices.findIndex((slice) => slice.iso === iso));
      },
    },
  };
  return { root: box, show, links };
}
