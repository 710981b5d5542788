// The modes of a shift: their script travels packed beside their tables, and is unpacked where a page has them.

import { inflate } from "../map/decode.js";

export async function loadModes({ modes, script }, page) {
  if (!window.geotrack.readModes) {
    const node = document.createElement("script");
    node.textContent = new TextDecoder().decode(await inflate(script));
    document.head.append(node);
  }
  return window.geotrack.readModes(modes, page);
}

// A guest shows the levels only.
export function shiftOf(app) {
  const { layout, fixed } = { ...app.root.dataset, ...app.asked() };
  if (!app.page.modes || layout === "compact" || ["true", "1"].includes(fixed)) return null;
  app.shift = window.geotrack.modes(app);
  return app.shift;
}
