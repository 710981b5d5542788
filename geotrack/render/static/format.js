// Numbers and dates as text. Values travel as integers (value x 10^digits), so text is exact.

const DAY = 864e5;

function dayOf(iso) {
  return Date.parse(iso + "T00:00:00Z") / DAY;
}

// How English writes numbers; a page in another language brings its own.
const NUMBERS = {
  decimal: ".", group: ",", minus: "−", percent: "{value} %", unit: "{value} {unit}", points: "points",
  months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};

// 7553, digits 2 -> "75.53"; `least` decimals are kept, further trailing zeros are dropped.
function decimal(scaled, digits, least, style = NUMBERS) {
  const negative = scaled < 0;
  let text = String(Math.abs(scaled)).padStart(digits + 1, "0");
  let whole = digits ? text.slice(0, -digits) : text;
  let fraction = digits ? text.slice(-digits) : "";
  while (fraction.length > least && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  whole = whole.replace(/\B(?=(\d{3})+$)/g, style.group);
  return (negative ? style.minus : "") + whole + (fraction ? style.decimal + fraction : "");
}

// The same without thousands separators and with an ASCII minus: for CSV.
function plain(scaled, digits) {
  return decimal(scaled, digits, 0).replace(/,/g, "").replace("−", "-");
}

// Rounds half away from zero, as people do; exact, because the input is an integer.
function rounded(scaled, digits, shown, style = NUMBERS, least = shown) {
  if (shown >= digits) return decimal(scaled, digits, Math.min(least, digits), style);
  const factor = 10 ** (digits - shown);
  const size = Math.floor(Math.abs(scaled) / factor + 0.5);
  return decimal(scaled < 0 ? -size : size, shown, least, style);
}

function withUnit(text, unit, style = NUMBERS) {
  return unit ? fill(unit === "%" ? style.percent : style.unit, { value: text, unit }) : text;
}

// "+1.25", "−0.3", "±0"
function signedText(scaled, digits, least, style = NUMBERS) {
  if (!scaled) return "±0";
  return (scaled > 0 ? "+" : "") + decimal(scaled, digits, least, style);
}

// A difference of two percentages is in percentage points.
function changeUnit(unit, style = NUMBERS) {
  return unit === "%" ? style.points : unit;
}

// {name} -> values.name; text only, never markup.
function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
}
