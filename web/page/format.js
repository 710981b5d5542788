// Numbers and dates as text. Values travel as integers (value x 10^digits), so text is exact.

/** @import { Day, NumberStyle, Scaled, Words, Writing } from "../types.d.ts" */

/**
 * An exact number: n x 10^-places.
 * @typedef {[n: bigint, places: number]} Exact
 */

/** Milliseconds of a day. */
export const DAY = 864e5;

/**
 * The day of a date, "2021-07-01".
 * @param {string} iso
 * @returns {Day}
 */
export function dayOf(iso) {
  return Date.parse(iso + "T00:00:00Z") / DAY;
}

/**
 * How English writes numbers; a page in another language brings its own.
 * @type {NumberStyle}
 */
export const NUMBERS = {
  decimal: ".", group: ",", minus: "−", percent: "{value}%", unit: "{value}\u00a0{unit}", points: "points",
  months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};
// Decimals where there is space for few; statuses of bounds, the second of what figures leave of a whole.
export const SHORT = 1;
export const LOWER = 3;
export const AT_MOST = 5;
/** @type {Record<number, [word: string, way: bigint]>} */
const BOUNDS = { [LOWER]: ["atLeast", -1n], [AT_MOST]: ["atMost", 1n] };

/**
 * The one writer of a figure, as geotrack/language/figures.py has it: tests/language/figures.json holds both.
 * A bound is rounded to its safe side; nothing but zero reads as zero, and nothing but the whole as the whole.
 * `scaled` is value x 10^scale, and the figure has so many `digits`; `most`: for which there is space.
 * @param {Scaled | null} scaled null only where the status is that of no figure
 * @param {number} status
 * @param {Writing} how
 * @returns {string}
 */
export function written(scaled, status, { digits, scale = digits, unit, whole = null, most = digits, least, style = NUMBERS, words }) {
  if (!status) return words.noData;
  const [bound, way] = BOUNDS[status] ?? ["", 0n];
  const shown = Math.min(digits, most);
  const own = cut(exact(/** @type {Scaled} */ (scaled), scale), digits, way);
  const [found, word, kept = least ?? fixed(shown)] = rounded(own, shown, bound, way, whole);
  const text = withUnit(numeral(found, word || !found[0] ? 0 : kept, style), unit, style);
  return word ? fill(words[word], { value: text }) : text;
}

/**
 * A figure as there is space for it, and the word before it; the decimals to keep, where they are not as usual.
 * @param {Exact} own
 * @param {number} shown
 * @param {string} bound
 * @param {bigint} way
 * @param {number | null} whole
 * @returns {[found: Exact, word: string, least?: number]}
 */
function rounded(own, shown, bound, way, whole) {
  /** @param {Exact} found */
  const alike = (found) =>
    (found[0] ? whole !== null && same(found, exact(whole)) && !same(own, exact(whole)) : own[0] !== 0n);
  const found = cut(own, shown, way);
  if (!alike(found)) return [found, bound];
  // a bound, or a figure below zero, has no shorter word for it
  if (bound || own[0] < 0n) return [longer(own, shown, way, alike), bound, 0];
  if (!found[0]) return [[1n, shown], "under"];
  return [same(found, own, -1) ? [found[0] - 1n, shown] : found, "over"];
}

/**
 * "+2.1 points", "−0.04 points", "±0 EH/s"
 * @param {Scaled} scaled
 * @param {Omit<Writing, "words">} how
 * @returns {string}
 */
export function changed(scaled, { digits, scale = digits, unit, most = digits, least, style = NUMBERS }) {
  const shown = Math.min(digits, most);
  const own = exact(scaled, scale);
  let found = cut(own, shown, 0n);
  const small = !found[0] && own[0];
  if (small) found = longer(own, shown, 0n, ([n]) => !n);
  const sign = found[0] > 0n ? "+" : found[0] ? "" : "±";
  return withUnit(sign + numeral(found, small || !found[0] ? 0 : least ?? fixed(shown), style), unit, style);
}

/**
 * A number x 10^-places as [integer, places]: exact, with the shortest digits of a double that is no integer.
 * @param {number} number
 * @param {number} [places]
 * @returns {Exact}
 */
export function exact(number, places = 0) {
  const [letters, power] = number.toExponential().split("e");
  const [head, tail = ""] = letters.split(".");
  const found = tail.length - Number(power) + places;
  return found < 0 ? [BigInt(head + tail) * 10n ** BigInt(-found), 0] : [BigInt(head + tail), found];
}

/**
 * With so many decimals: to the nearest, half away from zero (way 0), down (-1) or up (1).
 * @param {Exact} number
 * @param {number} shown
 * @param {bigint} way
 * @returns {Exact}
 */
export function cut([n, places], shown, way) {
  if (shown >= places) return [n * 10n ** BigInt(shown - places), shown];
  const factor = 10n ** BigInt(places - shown);
  const rest = n % factor;
  const sign = rest < 0n ? -1n : 1n;
  const away = way ? rest && sign === way : 2n * rest * sign >= factor;
  return [n / factor + (away ? sign : 0n), shown];
}

/**
 * Whether two are one number; with a sign, whether the second lies on that side of the first.
 * @param {Exact} one
 * @param {Exact} other
 */
function same([a, p], [b, q], side = 0) {
  const apart = b * 10n ** BigInt(p) - a * 10n ** BigInt(q);
  return side ? apart * BigInt(side) > 0n : !apart;
}

/**
 * With as few more decimals as tell a figure from what it would read as.
 * @param {Exact} own
 * @param {number} shown
 * @param {bigint} way
 * @param {(found: Exact) => boolean} alike
 */
function longer(own, shown, way, alike) {
  /** @type {Exact} */
  let found;
  do found = cut(own, ++shown, way); while (alike(found));
  return found;
}

/**
 * Decimals that are written though they are zeros.
 * @param {number} shown
 */
function fixed(shown) {
  return shown <= 2 ? shown : 1;
}

/**
 * The digits of a number, in groups; `least` decimals are kept, further trailing zeros are dropped.
 * @param {Exact} number
 * @param {number} least
 * @param {Pick<NumberStyle, "group" | "decimal" | "minus">} style
 * @returns {string}
 */
export function numeral([n, places], least, style) {
  let text = String(n < 0n ? -n : n).padStart(places + 1, "0");
  let fraction = places ? text.slice(-places) : "";
  while (fraction.length > least && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  text = places ? text.slice(0, -places) : text;
  return (n < 0n ? style.minus : "") + text.replace(/\B(?=(\d{3})+$)/g, style.group) + (fraction ? style.decimal + fraction : "");
}

/**
 * A number that is no figure; `least` decimals are kept, further trailing zeros are dropped.
 * @param {Scaled} scaled
 * @param {number} digits
 * @param {number} [least]
 * @param {NumberStyle} [style]
 * @returns {string}
 */
export function decimal(scaled, digits, least, style = NUMBERS) {
  return written(scaled, 1, /** @type {Writing} it takes no words */ ({ digits, least, style }));
}

/**
 * Without thousands separators and with an ASCII minus: for CSV.
 * @param {Scaled} scaled
 * @param {number} digits
 * @param {number} [scale]
 * @returns {string}
 */
export function plain(scaled, digits, scale = digits) {
  return numeral(cut(exact(scaled, scale), digits, 0n), 0, { group: "", decimal: ".", minus: "-" });
}

/**
 * "12.5%", "3 EH/s": a number with its unit, as the language puts them.
 * @param {string} text
 * @param {string} [unit]
 * @param {NumberStyle} [style]
 * @returns {string}
 */
export function withUnit(text, unit, style = NUMBERS) {
  if (!unit) return text;
  if (unit === "°" || HAN.test(unit)) return text + unit;
  return unit === "%" || unit.startsWith("% ") ? fill(style.percent, { value: text }) + unit.slice(1) : fill(style.unit, { value: text, unit });
}

// Chinese puts what is counted beside its number.
const HAN = /^\p{Script=Han}/u;

/**
 * A difference of two percentages is in percentage points.
 * @param {string} unit
 * @param {NumberStyle} [style]
 * @returns {string}
 */
export function changeUnit(unit, style = NUMBERS) {
  return unit === "%" ? style.points : unit;
}

/**
 * {name} -> values.name; text only, never markup.
 * @param {string} template
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (all, key) => (key in values ? /** @type {string} */ (values[key]) : all));
}

/**
 * "Share (%)"; brackets alone where there is nothing before them, and none around nothing.
 * @param {string} text
 * @param {string} note
 * @param {Words} words
 * @returns {string}
 */
export function aside(text, note, words) {
  if (!note) return text;
  return (text ? text + words.open : words.open.trimStart()) + note + words.shut;
}
