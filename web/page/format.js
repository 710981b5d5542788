// Numbers and dates as text. Values travel as integers (value x 10^digits), so text is exact.

export const DAY = 864e5;

export function dayOf(iso) {
  return Date.parse(iso + "T00:00:00Z") / DAY;
}

// How English writes numbers; a page in another language brings its own.
export const NUMBERS = {
  decimal: ".", group: ",", minus: "−", percent: "{value}%", unit: "{value}\u00a0{unit}", points: "points",
  months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};
// Decimals where there is space for few; statuses of bounds, the second of what figures leave of a whole.
export const SHORT = 1;
export const LOWER = 3;
export const AT_MOST = 5;
const BOUNDS = { [LOWER]: ["atLeast", -1n], [AT_MOST]: ["atMost", 1n] };

// The one writer of a figure, as geotrack/language/figures.py has it: tests/language/figures.json holds both.
// A bound is rounded to its safe side; nothing but zero reads as zero, and nothing but the whole as the whole.
// `scaled` is value x 10^scale, and the figure has so many `digits`; `most`: for which there is space.
export function written(scaled, status, { digits, scale = digits, unit, whole = null, most = digits, least, style = NUMBERS, words }) {
  if (!status) return words.noData;
  let [word, way] = BOUNDS[status] ?? ["", 0n];
  const shown = Math.min(digits, most);
  const own = cut(exact(scaled, scale), digits, way);
  const alike = (found) => (found[0] ? whole !== null && same(found, exact(whole)) && !same(own, exact(whole)) : own[0] !== 0n);
  let found = cut(own, shown, way);
  if (alike(found) && !word && own[0] > 0n) {
    word = found[0] ? "over" : "under";
    if (!found[0] || same(found, own, -1)) found = [found[0] ? found[0] - 1n : 1n, shown];
  } else if (alike(found)) {
    // a bound, or a figure below zero, has no shorter word for it
    found = longer(own, shown, way, alike);
    least = 0;
  }
  const text = withUnit(numeral(found, word || !found[0] ? 0 : least ?? fixed(shown), style), unit, style);
  return word ? fill(words[word], { value: text }) : text;
}

// "+2.1 points", "−0.04 points", "±0 EH/s"
export function changed(scaled, { digits, scale = digits, unit, most = digits, least, style = NUMBERS }) {
  const shown = Math.min(digits, most);
  const own = exact(scaled, scale);
  let found = cut(own, shown, 0n);
  const small = !found[0] && own[0];
  if (small) found = longer(own, shown, 0n, ([n]) => !n);
  const sign = found[0] > 0n ? "+" : found[0] ? "" : "±";
  return withUnit(sign + numeral(found, small || !found[0] ? 0 : least ?? fixed(shown), style), unit, style);
}

// A number x 10^-places as [integer, places]: exact, with the shortest digits of a double that is no integer.
export function exact(number, places = 0) {
  const [letters, power] = number.toExponential().split("e");
  const [head, tail = ""] = letters.split(".");
  const found = tail.length - power + places;
  return found < 0 ? [BigInt(head + tail) * 10n ** BigInt(-found), 0] : [BigInt(head + tail), found];
}

// With so many decimals: to the nearest, half away from zero (way 0), down (-1) or up (1).
export function cut([n, places], shown, way) {
  if (shown >= places) return [n * 10n ** BigInt(shown - places), shown];
  const factor = 10n ** BigInt(places - shown);
  const rest = n % factor;
  const sign = rest < 0n ? -1n : 1n;
  const away = way ? rest && sign === way : 2n * rest * sign >= factor;
  return [n / factor + (away ? sign : 0n), shown];
}

// Whether two are one number; with a sign, whether the second lies on that side of the first.
function same([a, p], [b, q], side = 0) {
  const apart = b * 10n ** BigInt(p) - a * 10n ** BigInt(q);
  return side ? apart * BigInt(side) > 0n : !apart;
}

function longer(own, shown, way, alike) {
  let found;
  do found = cut(own, ++shown, way); while (alike(found));
  return found;
}

// Decimals that are written though they are zeros.
function fixed(shown) {
  return shown <= 2 ? shown : 1;
}

export function numeral([n, places], least, style) {
  let text = String(n < 0n ? -n : n).padStart(places + 1, "0");
  let fraction = places ? text.slice(-places) : "";
  while (fraction.length > least && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  text = places ? text.slice(0, -places) : text;
  return (n < 0n ? style.minus : "") + text.replace(/\B(?=(\d{3})+$)/g, style.group) + (fraction ? style.decimal + fraction : "");
}

// A number that is no figure; `least` decimals are kept, further trailing zeros are dropped.
export function decimal(scaled, digits, least, style = NUMBERS) {
  return written(scaled, 1, { digits, least, style });
}

// Without thousands separators and with an ASCII minus: for CSV.
export function plain(scaled, digits, scale = digits) {
  return numeral(cut(exact(scaled, scale), digits, 0n), 0, { group: "", decimal: ".", minus: "-" });
}

export function withUnit(text, unit, style = NUMBERS) {
  if (!unit) return text;
  if (unit === "°" || HAN.test(unit)) return text + unit;
  return unit === "%" || unit.startsWith("% ") ? fill(style.percent, { value: text }) + unit.slice(1) : fill(style.unit, { value: text, unit });
}

// Chinese puts what is counted beside its number.
const HAN = /^\p{Script=Han}/u;

// A difference of two percentages is in percentage points.
export function changeUnit(unit, style = NUMBERS) {
  return unit === "%" ? style.points : unit;
}

// {name} -> values.name; text only, never markup.
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
}

// "Share (%)"; brackets alone where there is nothing before them, and none around nothing.
export function aside(text, note, words) {
  if (!note) return text;
  return (text ? text + words.open : words.open.trimStart()) + note + words.shut;
}
