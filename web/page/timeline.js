// The time control: a native range input over real days, snapped to slices, with buttons beside it.

import { svg } from "./elements.js";
import { dayOf } from "./format.js";
import { timeScale } from "./scale.js";

/** @import { App, Day, Slice, Timeline, TimeScale } from "../types.d.ts" */

/**
 * The slider, its buttons, and the player.
 * @param {App} app
 * @returns {Timeline}
 */
export function timelineOf({ root, page, state, go, metric, sentence, $ }) {
  const range = $(".gt-range");
  const [play, previous, next] = [$(".gt-play"), $(".gt-prev"), $(".gt-next")];
  const speed = $(".gt-speed");
  const loop = $(".gt-loop");
  const slices = page.slices;
  const last = slices.length - 1;
  /** @param {number} t */
  const centre = (t) => Math.round((slices[t].from + slices[t].to) / 2 - slices[0].from);
  const span = Math.max(1, slices[last].to - slices[0].from);
  let now = 0;
  let timer = 0;
  let dragging = false;

  range.min = "0";
  range.max = String(span);
  range.step = "1";
  range.addEventListener("pointerdown", () => (dragging = true));
  for (const end of ["pointerup", "pointercancel", "blur"]) range.addEventListener(end, () => (dragging = false));

  range.addEventListener("input", () => {
    const value = Number(range.value);
    let t = nearest(value);
    // A screen reader's "increment" moves one day: less than a slice, yet one slice is meant.
    if (t === now && !dragging && value !== centre(now)) t = clamp(now + Math.sign(value - centre(now)));
    choose(t, true);
  });

  range.addEventListener("keydown", (event) => {
    const far = Math.max(1, Math.min(12, Math.round(slices.length / 4)));
    const to = /** @type {Record<string, number>} */ ({
      ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1,
      PageUp: now + far, PageDown: now - far, Home: 0, End: last,
    })[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(clamp(to), true);
  });

  previous.addEventListener("click", () => choose(clamp(now - 1)));
  next.addEventListener("click", () => choose(clamp(now + 1)));
  play.addEventListener("click", () => (timer ? stop() : start()));
  speed.addEventListener("change", () => timer && start(true));

  /** @param {number} t */
  function clamp(t) {
    return Math.max(0, Math.min(last, t));
  }

  /** @param {number} day */
  function nearest(day) {
    let best = 0;
    slices.forEach((_, t) => {
      if (Math.abs(centre(t) - day) < Math.abs(centre(best) - day)) best = t;
    });
    return best;
  }

  /**
   * A choice of the reader's ends playing; a step of the player does not. The slider speaks for itself.
   * @param {number} t
   * @param {boolean} [silent]
   */
  function choose(t, silent) {
    stop();
    go(t, false, silent);
    range.value = String(centre(now));
  }

  /** @param {boolean} [resumed] */
  function start(resumed) {
    clearInterval(timer);
    if (!resumed && now === last) go(0, true);
    timer = setInterval(tick, 1000 / (1.6 * Number(speed.value)));
    label();
  }

  function tick() {
    if (document.hidden) return;
    if (now < last) go(now + 1, true);
    else if (loop.checked) go(0, true);
    else stop();
  }

  function stop() {
    if (!timer) return;
    clearInterval(timer);
    timer = 0;
    label();
    go(now);
  }

  function label() {
    $(".gt-play-text").textContent = timer ? page.words.pause : page.words.play;
    play.classList.toggle("gt-playing", Boolean(timer));
  }

  /** @param {number} t */
  function show(t) {
    now = t;
    const partial = metric().partial[t];
    range.value = String(centre(t));
    range.setAttribute("aria-valuetext", sentence(t) + (partial ? page.words.comma + partial : ""));
    previous.setAttribute("aria-disabled", String(t === 0));
    next.setAttribute("aria-disabled", String(t === last));
  }

  /**
   * @param {number} x
   * @param {TimeScale} scale
   */
  function seek(x, scale) {
    let best = 0;
    slices.forEach((slice, t) => {
      /** @param {Slice} s */
      const miss = (s) => Math.max(scale(s.from) - x, x - scale(s.to), 0) + Math.abs(scale((s.from + s.to) / 2) - x) / 1e4;
      if (miss(slice) < miss(slices[best])) best = t;
    });
    choose(best);
  }

  /**
   * The last slice that has begun on a day.
   * @param {Day} day
   */
  function seekDay(day) {
    stop();
    go(Math.max(0, slices.findLastIndex((slice) => slice.from <= day)));
  }

  /** @type {NodeListOf<HTMLButtonElement>} */
  const seekers = root.querySelectorAll(".gt-seek");
  seekers.forEach((button) => {
    button.addEventListener("click", () => seekDay(dayOf(button.value)));
  });

  const links = {
    t: {
      write: () => slices[state.t].iso,
      /** @param {string | undefined} iso */
      read(iso) {
        const t = slices.findIndex((slice) => slice.iso === iso);
        state.t = t >= 0 ? t : page.opening;
      },
    },
  };
  return { links, show, seek, stop, playing: () => Boolean(timer) };
}

/**
 * The strip on which the thumb runs: every slice a bar as long as its period, so gaps look like gaps.
 * @param {App} app
 */
export function stripControl({ page, metric, $ }) {
  const box = $(".gt-strip-box");
  const root = svg("svg", { class: "gt-strip", "aria-hidden": "true", height: 12 });
  box.prepend(root); // under the slider, which takes the pointer

  function draw() {
    const width = Math.max(box.clientWidth, 120);
    const scale = timeScale(page.slices, width);
    root.replaceChildren();
    root.setAttribute("viewBox", `0 0 ${width} 12`);
    root.setAttribute("width", String(width));
    for (const [t, slice] of page.slices.entries()) {
      const from = scale(slice.from);
      const size = scale(slice.to) - from;
      const gap = size > 4 ? 1 : 0;
      svg("rect", { x: from, y: 3, width: Math.max(size - gap, 1.5), height: 6, class: metric().partial[t] ? "gt-slot gt-partial" : "gt-slot" }, root);
    }
    for (const event of page.events) {
      const x = scale(event.day);
      if (x >= 0 && x <= width) svg("line", { x1: x, x2: x, y1: 0, y2: 12, class: "gt-strip-event" }, root);
    }
  }

  return { draw, resize: draw };
}
