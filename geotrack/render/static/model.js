// The page's data, decoded, and what can be asked of it. One array feeds map, tooltip, table and CSV.

const STATUS = ["missing", "reported", "estimated", "lower bound", "derived"];
const LOWER = 3;
const AT_MOST = 5; // of the remainder's line only

async function readPage(raw) {
  const [names, geometry] = await Promise.all([inflateJson(raw.tables), inflate(raw.geo.data)]);
  const slices = raw.slices.map((slice) => ({ ...slice, from: dayOf(slice.start), to: dayOf(slice.end) }));
  const page = {
    ...raw,
    ...names, // codes, regionNames
    units: names.units.map((unit) => wholeUnit(unit, names)),
    geometry,
    slices,
    events: raw.events.map((event) => ({ ...event, day: dayOf(event.date) })),
  };
  if (raw.modes) page.modes = await loadModes(raw, page);
  page.metrics = await Promise.all(raw.metrics.map((metric) => readMetric(metric, page)));
  page.unitOf = new Int32Array(page.codes.length).fill(-1);
  page.units.forEach((unit, u) => {
    if (unit.kind === "region") for (const region of unit.members) page.unitOf[region] = u; // its parts show its figure
  });
  page.aggregates = page.units.flatMap((unit, u) => (unit.kind === "aggregate" && unit.members.length ? [u] : []));
  return page;
}

// The script of a shift's modes travels packed, as tables do.
async function loadModes({ modes, script }, page) {
  const node = document.createElement("script");
  node.textContent = new TextDecoder().decode(await inflate(script));
  document.head.append(node);
  return window.geotrack.readModes(modes, page);
}

// A unit with what its table leaves out: it is a region, named and coded as its boundaries are.
function wholeUnit(unit, { codes, regionNames }) {
  const place = unit.members[0];
  const whole = { code: codes[place], name: regionNames[place], kind: "region", ...unit };
  return { ...whole, label: unit.label ?? whole.name };
}

async function readMetric(metric, page) {
  const units = page.units.length;
  const slices = page.slices.length;
  const [values, status, origin, note] = await Promise.all(
    ["values", "status", "origin", "note"].map((key) => (metric[key] ? inflate(metric[key]) : null)),
  );
  const indices = (bytes) => {
    if (!bytes) return null;
    const read = reader(bytes);
    return Uint16Array.from({ length: units * slices }, () => read.unsigned());
  };
  return {
    ...metric,
    style: { ...NUMBERS, ...page.numberFormat },
    unitShown: metric.unitShown ?? metric.unit,
    values: readValues(values, units, slices, status),
    status,
    origin: indices(origin),
    note: indices(note),
    slices,
  };
}

// One cell: a unit in a slice.
function cellOf(page, metric, u, t) {
  const at = u * metric.slices + t;
  const status = metric.status[at];
  return {
    status,
    value: status ? metric.values[at] : null,
    origin: status ? page.origins[metric.origin ? metric.origin[at] : 0] : null,
    note: status && metric.note && metric.note[at] ? page.notes[metric.note[at] - 1] : "",
  };
}

// Which unit speaks for each region in a slice: itself, or an aggregate that its source does not split.
function ownersOf(page, metric, t) {
  const owners = Int32Array.from(page.unitOf);
  for (const u of page.aggregates) {
    if (!metric.status[u * metric.slices + t]) continue;
    for (const region of page.units[u].members) {
      const own = page.unitOf[region];
      if (own < 0 || !metric.status[own * metric.slices + t]) owners[region] = u;
    }
  }
  return owners;
}

// Class of a value: 0 is the first colour. Edges are integers like the values; the last class is closed.
function classOf(metric, value) {
  const { edges, zero } = metric.breaks;
  if (zero && value === 0) return 0;
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (value >= edges[middle]) low = middle;
    else high = middle - 1;
  }
  return low + (zero ? 1 : 0);
}

function valueText(metric, cell, words) {
  if (metric.valueText) return metric.valueText(cell);
  if (!cell.status) return words.noData;
  return bounded(inUnit(metric, decimal(cell.value, metric.digits, leastOf(metric, cell.status), metric.style)), cell.status, words);
}

function inUnit(metric, text) {
  return withUnit(text, metric.unitShown, metric.style);
}

// A bound is never more precise than the words it comes from: "at least 50", not "50.0".
function leastOf(metric, status) {
  return status === LOWER || status === AT_MOST ? 0 : metric.least;
}

// "at least 50 %", "at most 50 %", or the text as it is
function bounded(text, status, words) {
  if (status === LOWER) return fill(words.atLeast, { value: text });
  return status === AT_MOST ? fill(words.atMost, { value: text }) : text;
}

// A group's sum in a slice, as the chips and the labels show it; "" where there is nothing to say.
function groupText(metric, g, t, words) {
  if (metric.groupText) return metric.groupText(g, t);
  const value = metric.groups[g][t];
  if (value === null) return metric.lacks ? metric.lacks[g] : words.noData;
  const status = metric.groupStatus[g][t];
  const text = rounded(value, metric.digits, metric.shown, metric.style, leastOf(metric, status) ? metric.shown : 0);
  return bounded(inUnit(metric, text), status, words);
}

// The change of a unit between two slices, or why there is none.
function changeText(page, metric, u, from, to) {
  if (from < 0 || from === to) return "";
  const before = cellOf(page, metric, u, from);
  const after = cellOf(page, metric, u, to);
  if (!before.status || !after.status) return page.words.notKnown;
  if (before.status === LOWER || after.status === LOWER) return page.words.notExact;
  return withUnit(signedText(after.value - before.value, metric.digits, metric.least, metric.style), changeUnit(metric.unitShown, metric.style), metric.style);
}

// The first slice in which a unit has a value.
function firstOf(metric, u) {
  for (let t = 0; t < metric.slices; t++) if (metric.status[u * metric.slices + t]) return t;
  return -1;
}

// mapped + stated without a place + not stated (+ rounding) = whole, as numbers on the page; of a rate, that it has no sum
function remainderLines(page, metric, t) {
  if (metric.remainderLines) return metric.remainderLines(t);
  if (metric.addsUp === false) return [[page.words.sum, page.words.noSum]];
  const { mapped, stated, unstated, rounding, bounded: some, statedBounded } = metric.remainder;
  const text = (scaled) => inUnit(metric, decimal(scaled, metric.digits, metric.least, metric.style));
  const least = (flag) => (flag ? LOWER : 0);
  if (mapped[t] === null) return [[page.words.mapped, page.words.noData]]; // nothing is said of this period
  const lines = [[page.words.mapped, bounded(text(mapped[t]), least(some[t]), page.words)]];
  if (stated[t]) lines.push([page.words.stated, bounded(text(stated[t]), least(statedBounded[t]), page.words)]);
  if (unstated[t]) lines.push([page.words.unstated, bounded(text(unstated[t]), some[t] || statedBounded[t] ? AT_MOST : 0, page.words)]);
  if (rounding[t]) lines.push([page.words.rounding, text(rounding[t])]);
  if (metric.whole !== null || metric.totals?.[t]) lines.push([page.words.whole, text(mapped[t] + stated[t] + unstated[t] + rounding[t])]);
  return lines;
}
