// The permalink: the page's state in the URL's hash, "#t=2021-07&m=share&r=CAN".
// Where several maps share one page, each key carries its map's id: "#shift.t=2021-07". Whether there are others
// is asked each time: they may come into the page later.

/** @import { MountedPage } from "../types.d.ts" */

/**
 * The permalink of a map: how it is read, and written.
 * @param {MountedPage} page
 */
export function linkOf(page) {
  const prefix = encodeURIComponent(page.key) + "."; // as the address has it, whatever letters it holds
  const alone = () => document.querySelectorAll("section.geotrack").length === 1;

  function read() {
    /** @type {[Record<string, string>, Record<string, string>]} */
    const [plain, named] = [{}, {}];
    for (const pair of location.hash.slice(1).split("&")) {
      const [key, value] = pair.split("=");
      if (value === undefined) continue;
      const [state, name] = key.startsWith(prefix) ? [named, key.slice(prefix.length)] : [plain, key];
      try {
        state[name] = decodeURIComponent(value);
      } catch {
        // a broken escape is somebody's typo: the rest of the link still counts
      }
    }
    return alone() ? { ...plain, ...named } : named;
  }

  /**
   * `pairs`: every key of this map's controls, with its text or "" for none; what is not ours stays as it is.
   * @param {[key: string, value: string][]} pairs
   */
  function write(pairs) {
    const single = alone();
    const known = new Set(pairs.map(([key]) => key));
    const others = location.hash.slice(1).split("&").filter((pair) => {
      const key = pair.split("=")[0];
      return pair && !key.startsWith(prefix) && !(single && known.has(key));
    });
    const own = pairs.filter(([, value]) => value).map(([key, value]) => `${single ? "" : prefix}${key}=${encodeURIComponent(value)}`);
    const hash = "#" + [...own, ...others].join("&");
    try {
      if (hash !== location.hash) history.replaceState(history.state, "", hash);
    } catch {
      // a sandboxed or srcdoc frame has no history of its own: the map works on without a link
    }
  }

  return { read, write };
}
