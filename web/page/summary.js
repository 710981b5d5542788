// What is said of a slice beside its map: its sentence, the groups, what adds up to the whole, the notes.

import { element } from "./elements.js";
import { aside, fill } from "./format.js";
import { groupText, remainderLines } from "./model.js";

/** @import { App } from "../types.d.ts" */

/**
 * The words beside the map.
 * @param {App} app
 */
export function summaryOf(app) {
  const { root, page, $ } = app;

  /** @param {number} t */
  function show(t) {
    $(".gt-now").textContent = page.slices[t].label;
    $(".gt-sentence").textContent = app.metric().sentences[t];
    showGroups(t);
    showRemainder(t);
    showNotes(t);
  }

  /** @param {number} t */
  function showGroups(t) {
    root.querySelectorAll(".gt-group-value").forEach((node, g) => {
      node.textContent = groupText(page, app.metric(), g, t);
      /** @type {HTMLElement} */ (node.parentNode).hidden = !node.textContent;
    });
  }

  /** @param {number} t */
  function showRemainder(t) {
    const lines = remainderLines(page, app.metric(), t);
    $(".gt-remainder").replaceChildren(
      ...lines.map(([name, value]) => {
        const pair = element("div");
        pair.append(element("dt", "", name), element("dd", "", value));
        return pair;
      }),
    );
  }

  /** @param {number} t */
  function showNotes(t) {
    /** @param {[note: number, units: number[]]} said */
    const about = ([note, units]) => `${names(units)}${page.words.colon}${page.notes[note]}`;
    const notes = [app.metric().partial[t], ...(app.metric().sliceNotes[t] || []).map(about)].filter(Boolean);
    /** @param {string} note */
    const item = (note) => {
      const line = element("li"); // whose mark keeps its side
      line.append(element("span", "", note));
      return line;
    };
    $(".gt-notes").replaceChildren(...notes.map(item));
    // folded up in the compact layout, so that an article does not jump while the map plays
    const folded = $(".gt-noted");
    if (folded) folded.textContent = notes.length ? aside("", `${page.words.notes}${page.words.colon}${notes.length}`, page.words) : "";
  }

  /**
   * A few names; a note on most rows speaks of the whole slice.
   * @param {number[]} units
   */
  function names(units) {
    const all = units.map((u) => page.units[u].name);
    return all.length > 6 ? fill(page.words.manyRegions, { count: all.length }) : all.join(page.words.separator);
  }

  return { show };
}
