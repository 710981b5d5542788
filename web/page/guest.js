// A map as a guest in somebody else's page: what its link asks of its looks, and how high it wants to be.

import { element } from "./elements.js";

// "#layout=compact&theme=dark&fixed=1": one hosted page serves every frame. What is not asked stays as built.
export function wear(root, page, wanted) {
  if (["light", "dark"].includes(wanted.theme)) root.dataset.theme = wanted.theme;
  if (wanted.fixed === "1") root.dataset.fixed = "true";
  if (wanted.layout !== "compact" || root.dataset.layout === "compact") return;
  root.dataset.layout = "compact";
  const foot = root.querySelector(".gt-foot");
  const about = element("details", "gt-about");
  foot.replaceWith(about);
  const summary = element("summary", "", page.words.aboutData + " ");
  summary.append(element("span", "gt-noted"));
  about.append(summary, root.querySelector(".gt-notes"), foot);
  const link = element("a", "gt-full", page.words.fullMap);
  link.href = location.href.split("#")[0];
  link.target = "_blank";
  link.rel = "noopener";
  if (/^https?:/.test(link.href) && !root.querySelector(".gt-full")) root.querySelector(".gt-credit").append(" ", link);
}

// Says to the page around the frame how high the map is. Nothing in the map is as high as its frame, so the
// answer changes nothing that is measured here. Whoever follows needs no scroll bar: without one the width is
// the frame's own, and one that came and went would change the height it is there for.
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
