// What chart, slider and tooltip are drawn with: SVG elements, and one scale of real time.

const SVG = "http://www.w3.org/2000/svg";
const INSET = 10; // half the slider's thumb: chart and slider share one scale

function svg(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (parent) parent.append(node);
  return node;
}

function timeScale(slices, width) {
  const first = slices[0].from;
  const span = slices[slices.length - 1].to - first || 1;
  return (day) => INSET + ((day - first) / span) * (width - 2 * INSET);
}
