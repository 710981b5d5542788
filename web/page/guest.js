// A map as a guest in somebody else's page: what its link asks of its looks, and how high it wants to be.

import { element } from "./elements.js";

/** @import { App, Control, Page } from "../types.d.ts" */

/**
 * "#layout=compact&theme=dark&fixed=1": one hosted page serves every frame. What is not asked stays as built.
 * @param {Pick<App, "root" | "page">} app
 * @returns {Control}
 */
export function guestOf({ root, page }) {
  return {
    links: {
      theme: { read: (wanted) => { if (wanted === "light" || wanted === "dark") root.dataset.theme = wanted; } },
      fixed: { read: (wanted) => { if (wanted === "1") root.dataset.fixed = "true"; } },
      layout: { read: (wanted) => { if (wanted === "compact" && root.dataset.layout !== wanted) compact(root, page); } },
    },
  };
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 */
function compact(root, page) {
  root.dataset.layout = "compact";
  const foot = /** @type {Element} */ (root.querySelector(".gt-foot"));
  const about = element("details", "gt-about");
  foot.replaceWith(about);
  const summary = element("summary", "", page.words.aboutData + " ");
  summary.append(element("span", "gt-noted"));
  about.append(summary, /** @type {Element} */ (root.querySelector(".gt-notes")), foot);
  const link = element("a", "gt-full", page.words.fullMap);
  link.href = location.href.split("#")[0];
  link.target = "_blank";
  link.rel = "noopener";
  const credit = /** @type {Element} */ (root.querySelector(".gt-credit"));
  if (/^https?:/.test(link.href) && !root.querySelector(".gt-full")) credit.append(" ", link);
}

/**
 * Says to the page around the frame how high the map is. Nothing in the map is as high as its frame, so the
 * answer changes nothing that is measured here. Whoever follows needs no scroll bar: without one the width is
 * the frame's own, and one that came and went would change the height it is there for.
 * @param {HTMLElement} root
 * @param {string} id
 * @returns {void}
 */
export function tellHeight(root, id) {
  if (window.parent === window) return;
  let told = 0;
  const tell = () => {
    const { width, height } = root.getBoundingClientRect();
    if (!width || Math.ceil(height) === told) return;
    told = Math.ceil(height);
    window.parent.postMessage({ geotrack: id, height: told }, "*");
  };
  tell(); // at once: out of sight a frame of another origin is not laid out, and observers wait
  new ResizeObserver(tell).observe(root, { box: "border-box" });
  window.addEventListener("resize", () => {
    document.documentElement.classList.toggle("gt-followed", window.innerHeight === told);
  });
}
