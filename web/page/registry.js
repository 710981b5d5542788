// The parts of a page that registered themselves: each is told what happens, and brings its keys of the permalink.

/** @import { Control, Hook, Link } from "../types.d.ts" */

/**
 * Several tables of keys as one. A key taken twice would be read by one and written by another: a fault.
 * @param {(Record<string, Link> | undefined)[]} tables
 * @returns {Record<string, Link>}
 */
export function joined(...tables) {
  /** @type {Record<string, Link>} */
  const found = {};
  for (const [key, link] of tables.flatMap((table) => Object.entries(table ?? {}))) {
    if (key in found) throw new Error(`permalink key ${key} is taken twice`);
    found[key] = link;
  }
  return found;
}

/**
 * @param {() => Control} last who is told last
 */
export function registryOf(last) {
  /** @type {Control[]} */
  const controls = [];
  const all = () => [...controls, last()];
  const links = () => joined(...all().map((control) => control.links));

  return {
    links,

    /**
     * What a page has no place for makes no control.
     * @template {Control | null} Made
     * @param {Made} control
     * @returns {Made}
     */
    add(control) {
      if (control) controls.push(control);
      links();
      return control;
    },

    /**
     * @template {Hook} H
     * @param {H} hook
     * @param {Parameters<NonNullable<Control[H]>>} values
     */
    each(hook, ...values) {
      for (const control of all()) {
        /** @type {((...values: unknown[]) => void) | undefined} each takes its own */ (control[hook])?.(...values);
      }
    },
  };
}
