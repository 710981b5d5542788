// What everything on a page is made of: elements of HTML and of SVG, whose text is always text.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element of HTML with its text, in whatever direction that runs.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) {
    node.textContent = text;
    node.dir = "auto";
  }
  return node;
}

/**
 * A button that submits nothing.
 * @param {string} className
 * @param {string} text
 * @param {() => void} press
 * @returns {HTMLButtonElement}
 */
export function buttonOf(className, text, press) {
  const node = element("button", className, text);
  node.type = "button";
  node.addEventListener("click", press);
  return node;
}

/**
 * An element of SVG, at the end of its parent.
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} attributes
 * @param {Element | null} [parent]
 * @returns {SVGElementTagNameMap[Name]}
 */
export function svg(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const key in attributes) node.setAttribute(key, /** @type {string} */ (attributes[key])); // a number is written
  if (parent) parent.append(node);
  return node;
}
