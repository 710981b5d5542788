// One map on one page: state in, everything that shows it out.

// Up to its first wait it runs at once: whatever others add afterwards finds a map with its view and limits.
async function mount(id, map) {
  const root = map?.getContainer().closest("section.geotrack") ?? document.getElementById(id);
  try {
    const suffix = distinct(root);
    const raw = JSON.parse(root.querySelector(".gt-data").textContent);
    guard(map);
    speak(map, raw.words.controls);
    const home = showFrame(map, raw.geo);
    const page = await readPage(raw);
    return run(root, { ...page, key: page.id + suffix }, map, home);
  } catch (error) {
    root.dataset.ready = "error";
    root.querySelector(".gt-error").hidden = false;
    throw error;
  }
}

function run(root, page, map, home) {
  const $ = (selector) => root.querySelector(selector);
  const frame = $(".gt-frame");
  const state = { t: page.opening, m: 0, region: -1, hover: -1, spot: null, table: false };
  const metric = () => modes?.metric() ?? page.metrics[state.m];
  const link = linkOf(page);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  const layer = timeLayer(L, {
    geometry: page.geometry,
    scale: page.geo.scale,
    translate: page.geo.translate,
    bounds: page.geo.bounds,
    simple: page.geo.simple,
    home,
    disputed: page.geo.territories,
    outlines: page.groups.filter((group) => group.outline).map((group) => group.outline),
    theme,
    moved: () => {
      labels?.place();
      modes?.place();
      if (tip?.shown() && state.hover < 0 && state.region >= 0) tell(state.region);
    },
  });
  let labels = null;
  let tip = null;
  let modes = null; // of a shift; a plain map has none
  const looks = looksOf(page, () => isDark());
  const timeline = timelineOf(root, page, go, sentence);
  const chart = page.groups.length && $(".gt-chart-box") ? chartOf($(".gt-chart-box"), page, (x, scale) => timeline.seek(x, scale)) : null;
  const strip = stripOf($(".gt-strip-box"), page);
  tip = tipOf(frame);
  const table = $(".gt-table") && tableOf($(".gt-table"), page, (u) => page.units[u].members.length && point(page.units[u].members[0]));

  function isDark() {
    if (root.classList.contains("gt-light")) return false;
    const forced = root.dataset.theme;
    return forced === "dark" || (forced !== "light" && dark.matches);
  }

  function theme() {
    const style = getComputedStyle(root);
    const read = (name) => style.getPropertyValue("--gt-" + name).trim();
    const groups = page.groups.flatMap((group) => (group.outline ? [read(group.colour)] : []));
    return {
      page: read("page"), ink: read("ink"), border: read("border"), missing: read("missing"), hatch: read("hatch"),
      bound: read("bound"), dispute: read("dispute"), groups,
    };
  }

  // ---- showing ---------------------------------------------------------------------------------

  function paint() {
    layer.show(looks.style, looks.update(metric(), state.t), looks.joined());
  }

  // The way every change takes: a new slice, shown everywhere; words only where someone listens.
  function go(t, playing, silent) {
    state.t = t;
    paint();
    timeline.show(t);
    chart?.move(t);
    modes?.show(t, playing);
    labels?.update(metric(), t, looks.joined());
    const slice = page.slices[t];
    root.dataset.slice = slice.iso;
    if (root.dataset.alone) document.documentElement.dataset.slice = slice.iso;
    $(".gt-now").textContent = slice.label;
    $(".gt-sentence").textContent = metric().sentences[t];
    showGroups();
    showRemainder();
    showNotes();
    if (tip.shown()) tell(state.hover >= 0 ? state.hover : state.region, state.spot);
    if (state.table) table.show(metric(), t);
    if (playing) return;
    if (!silent) say(sentence(t));
    remember();
  }

  // The slice in words, its name once.
  function sentence(t) {
    const label = page.slices[t].label;
    const text = metric().sentences[t];
    return text.includes(label) ? text : `${label}${page.words.stop}${page.words.gap}${text}`;
  }

  function showGroups() {
    root.querySelectorAll(".gt-group-value").forEach((node, g) => {
      node.textContent = groupText(page, metric(), g, state.t);
      node.parentNode.hidden = !node.textContent;
    });
  }

  function showRemainder() {
    const lines = remainderLines(page, metric(), state.t);
    $(".gt-remainder").replaceChildren(
      ...lines.map(([name, value]) => {
        const pair = element("div");
        pair.append(element("dt", "", name), element("dd", "", value));
        return pair;
      }),
    );
  }

  function showNotes() {
    const slice = page.slices[state.t];
    const about = ([note, units]) => `${names(units)}${page.words.colon}${page.notes[note]}`;
    const notes = [slice.partial, ...(metric().sliceNotes[state.t] || []).map(about)].filter(Boolean);
    const item = (note) => element("li").appendChild(element("span", "", note)).parentNode; // the mark keeps its side
    $(".gt-notes").replaceChildren(...notes.map(item));
    // folded up in the compact layout, so that an article does not jump while the map plays
    if ($(".gt-noted")) $(".gt-noted").textContent = notes.length ? aside("", `${page.words.notes}${page.words.colon}${notes.length}`, page.words) : "";
  }

  // A few names; a note on most rows speaks of the whole slice.
  function names(units) {
    const all = units.map((u) => page.units[u].name);
    return all.length > 6 ? fill(page.words.manyRegions, { count: all.length }) : all.join(page.words.separator);
  }

  function showMetric() {
    looks.forget();
    layer.style = null;
    $(".gt-legend-box").replaceChildren(legendOf(page, metric(), isDark()));
    root.querySelectorAll(".gt-metric input").forEach((input, m) => (input.checked = m === state.m));
    drawChart();
    strip.draw();
    root.dataset.metric = page.metrics[state.m].id;
  }

  function drawChart() {
    chart?.draw(page.metrics[state.m], state.t, modes?.bands());
  }

  function say(text) {
    $(".gt-live").textContent = text;
  }

  function remember() {
    const u = state.region >= 0 ? page.codes[state.region] : "";
    link.write({ t: page.slices[state.t].iso, m: page.metrics.length > 1 ? page.metrics[state.m].id : "", r: u, v: state.table ? "table" : "", ...modes?.link() });
  }

  // ---- regions ---------------------------------------------------------------------------------

  function ownerOf(region) {
    return looks.owners()[region];
  }

  function tell(region, spot, speak) {
    const u = heardOf(page, metric(), region, ownerOf(region), state.t);
    const text = describe(page, metric(), region, u, state.t);
    layer.mark(u >= 0 && page.units[u].kind === "aggregate" ? page.units[u].members : [region]);
    tip.show(text, u >= 0 ? sparkOf(page, page.metrics[state.m], u, state.t) : null, spot || layer.spot(region));
    if (speak) say(spoken(text, page.words));
  }

  function point(region, spot) {
    state.region = region;
    if (region < 0) return leave();
    tell(region, spot, true);
    remember();
    return undefined;
  }

  function leave() {
    state.region = -1;
    say("");
    tip.hide();
    layer.mark([]);
    remember();
  }

  function pointerAt(event) {
    const box = frame.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  frame.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons || !layer.view) return;
    if (event.target.closest(".leaflet-control, .gt-tip")) return;
    const spot = pointerAt(event);
    const region = layer.at(spot);
    state.hover = region;
    state.spot = region >= 0 ? spot : null;
    if (region >= 0) tell(region, spot);
    else if (state.region >= 0) tell(state.region);
    else if (tip.shown()) leaveQuietly();
  });
  frame.addEventListener("pointerleave", () => {
    state.hover = -1;
    state.spot = null;
    if (state.region >= 0) tell(state.region);
    else leaveQuietly();
  });

  function leaveQuietly() {
    tip.hide();
    layer.mark([]);
  }

  map.on("click", (event) => {
    const region = layer.at(event.containerPoint);
    const read = region === state.region || !window.matchMedia("(pointer: coarse)").matches; // a finger cannot hover
    point(region, event.containerPoint);
    if (read) modes?.enter(region);
  });

  // One tab stop; arrows walk to the neighbour that way, Home and End to the highest and the lowest.
  const place = $(".folium-map");
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", page.words.mapLabel + page.words.colon + page.title);
  place.setAttribute("aria-describedby", id("help"));
  function id(part) {
    return root.id + "-" + part;
  }

  const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  place.addEventListener("keydown", (event) => {
    if (event.target !== place || event.altKey || event.ctrlKey || event.metaKey) return;
    const zoom = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (zoom) {
      event.preventDefault();
      map.setZoom(map.getZoom() + zoom / 2);
      return;
    }
    const region = walk(event.key);
    if (region === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (region === -1) leave();
    else {
      bring(region);
      point(region);
      if (event.key === "Enter") modes?.enter(region);
    }
  });

  function walk(key) {
    if (key === "Escape") return state.region >= 0 ? -1 : null;
    if (key === "PageDown" || key === "PageUp") return beside(key === "PageDown" ? 1 : -1);
    if (key === "Home" || key === "End") return ranked()[key === "Home" ? 0 : ranked().length - 1] ?? null;
    if (!(key in ways)) return key === "Enter" || key === " " ? Math.max(state.region, ranked()[0] ?? 0) : null;
    if (state.region < 0) return ranked()[0] ?? 0;
    const next = layer.neighbour(state.region, ...ways[key], (i) => layer.drawn(i));
    return next < 0 ? state.region : next;
  }

  // The region whose value is next below or above.
  function beside(step) {
    const order = ranked();
    const at = order.indexOf(state.region);
    return order[Math.max(0, Math.min(order.length - 1, at < 0 ? 0 : at + step))] ?? null;
  }

  // Regions with a value, highest first.
  function ranked() {
    const owners = looks.owners();
    const value = (i) => metric().values[owners[i] * metric().slices + state.t];
    return [...owners.keys()]
      .filter((i) => owners[i] >= 0 && metric().status[owners[i] * metric().slices + state.t])
      .sort((a, b) => value(b) - value(a) || a - b);
  }

  // A region outside the frame is brought into it.
  function bring(region) {
    const spot = layer.spot(region);
    const size = map.getSize();
    if (spot.x < 0 || spot.y < 0 || spot.x > size.x || spot.y > size.y) {
      map.panBy([spot.x - size.x / 2, spot.y - size.y / 2], { animate: false });
    }
  }

  place.addEventListener("blur", () => setTimeout(() => root.contains(document.activeElement) || tip.hide(), 0));

  // The wheel scrolls the article until the reader has stepped into the map.
  map.scrollWheelZoom.disable();
  place.addEventListener("focus", () => map.scrollWheelZoom.enable());
  place.addEventListener("blur", () => map.scrollWheelZoom.disable());
  // A finger scrolls the page until the map is larger than its frame.
  const drag = () => {
    const zoomed = map.getZoom() > layer.home + 0.01;
    const touch = window.matchMedia("(pointer: coarse)").matches;
    map.dragging[zoomed || !touch ? "enable" : "disable"]();
    place.style.touchAction = zoomed ? "none" : "pan-x pan-y pinch-zoom";
  };

  // ---- controls --------------------------------------------------------------------------------

  root.querySelectorAll(".gt-metric input").forEach((input, m) => {
    input.addEventListener("change", () => {
      state.m = m;
      redraw();
    });
  });
  root.querySelectorAll(".gt-view").forEach((button) => {
    button.addEventListener("click", () => view(button.value === "table"));
  });
  root.querySelectorAll(".gt-seek").forEach((button) => {
    button.addEventListener("click", () => seekDay(dayOf(button.value)));
  });

  function view(asTable) {
    state.table = asTable;
    $(".gt-table").hidden = !asTable;
    frame.hidden = asTable;
    if (asTable) leaveQuietly(); // it stands beside the frame, and would stay there alone
    modes?.viewed(asTable);
    root.querySelectorAll(".gt-view").forEach((button) => {
      button.setAttribute("aria-pressed", String((button.value === "table") === asTable));
    });
    if (asTable) table.show(metric(), state.t);
    else map.invalidateSize({ animate: false });
    remember();
  }

  function seekDay(day) {
    timeline.stop();
    let best = 0;
    page.slices.forEach((slice, t) => {
      if (slice.from <= day) best = t;
    });
    go(best);
  }

  $(".gt-csv")?.addEventListener("click", () => save(root, page.id + ".csv", "text/csv;charset=utf-8", modes?.csv() ?? csvOf(page)));
  $(".gt-cite-file")?.addEventListener("click", () => save(root, page.id + "-citation.txt", "text/plain;charset=utf-8", page.citation + "\n"));
  $(".gt-cite-copy")?.addEventListener("click", async () => {
    if (await copy(root, page.citation)) say(page.words.copied);
  });

  // ---- the world around ------------------------------------------------------------------------

  function repaint() {
    looks.forget();
    paint();
    layer.draw();
    go(state.t);
  }

  // Everything that hangs on the metric or the mode.
  function redraw() {
    showMetric();
    repaint();
  }

  function restyle() {
    $(".gt-legend-box").replaceChildren(legendOf(page, metric(), isDark()));
    looks.forget();
    looks.update(metric(), state.t);
    layer.dress();
    modes?.restyle();
  }

  function restore() {
    const wanted = link.read();
    const t = page.slices.findIndex((slice) => slice.iso === wanted.t);
    const m = page.metrics.findIndex((each) => each.id === wanted.m);
    const r = page.codes.indexOf(wanted.r);
    state.t = t >= 0 ? t : page.opening;
    wear(root, page, wanted);
    state.m = Math.max(m, 0);
    modes?.restore(wanted);
    return { r, table: Boolean(table) && root.dataset.layout !== "compact" && wanted.v === "table" };
  }

  // Paper is light: while the page prints, the map is a plain picture in light colours that scales with it.
  function print(printing) {
    if (printing === root.classList.contains("gt-light")) return;
    root.classList.toggle("gt-light", printing);
    restyle();
    unfold($(".gt-about"), printing);
    if (!printing) return;
    const paper = frame.querySelector(".gt-print");
    paper.width = layer.canvases[0].width;
    paper.height = layer.canvases[0].height;
    const pen = paper.getContext("2d");
    for (const canvas of layer.canvases) pen.drawImage(canvas, 0, 0);
    if (layer.view) labels.draw(pen, layer.view.dpr, theme());
    modes?.print();
  }

  // Paper cannot be unfolded; on the screen it is again as the reader left it.
  function unfold(about, printing) {
    if (!about) return;
    if (printing) state.unfolded = about.open;
    about.open = printing || state.unfolded;
  }

  map.addLayer(layer);
  labels = labelsOf(frame, page, layer);
  const worn = { ...root.dataset, ...link.read() }; // a guest shows the levels only
  modes = page.modes && worn.layout !== "compact" && !["true", "1"].includes(worn.fixed)
    ? window.geotrack.modes({ root, page, map, layer, frame, state, tip, theme, isDark, go, say, point, tell, remember, redraw, drawChart, timeline })
    : null;
  const asked = restore();
  showMetric();
  looks.update(metric(), state.t);
  layer.show(looks.style, [], looks.joined());
  layer.draw();
  timeline.show(state.t);
  go(state.t, true);
  if (asked.table) view(true);
  if (asked.r >= 0) point(asked.r);
  drag();
  map.on("zoomend", drag);

  dark.addEventListener("change", restyle);
  window.addEventListener("beforeprint", () => print(true));
  window.addEventListener("afterprint", () => print(false));
  window.matchMedia("print").addEventListener("change", (event) => print(event.matches));
  window.addEventListener("hashchange", () => {
    timeline.stop();
    const next = restore();
    state.region = next.r;
    if (next.r < 0) leaveQuietly();
    redraw();
    if (next.table !== state.table) view(next.table);
    if (next.r >= 0) point(next.r);
  });
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    drawChart();
    strip.draw();
    modes?.resize();
  }).observe(root);
  if (root.dataset.alone) tellHeight(root, page.id);
  if (calm.matches) root.classList.add("gt-calm");

  root.dataset.ready = "true";
  if (root.dataset.alone) document.documentElement.dataset.ready = "true";
  return { page, layer, go, timeline, state, modes };
}

// What each region looks like in the slice shown, and which regions changed since the last one.
function looksOf(page, isDark) {
  const count = page.codes.length;
  const codes = new Int16Array(count).fill(-2); // four looks a class, or -1 for no data
  let owners = null;
  let colours = [];
  let made = [];
  let joined = [];
  let within = new Uint8Array(count); // 1 where an aggregate speaks for the region
  const none = { missing: true, quiet: true };
  const silent = { missing: true, quiet: false };

  function update(metric, t) {
    const changed = [];
    owners = ownersOf(page, metric, t);
    colours = isDark() ? metric.dark : metric.light;
    if (!made.length) made = colours.flatMap((colour) => [false, true].flatMap((quiet) => [{ colour, quiet }, { colour, quiet, bound: true }]));
    joined = page.aggregates.length ? joinedOf(metric, t) : joined;
    for (let i = 0; i < count; i++) {
      const u = owners[i];
      const at = u * metric.slices + t;
      const status = u < 0 ? 0 : metric.status[at];
      const code = status ? 4 * classOf(metric, metric.values[at]) + 2 * within[i] + (status === LOWER ? 1 : 0) : -1;
      if (code !== codes[i]) {
        codes[i] = code;
        changed.push(i);
      }
    }
    return changed;
  }

  function style(i) {
    const code = codes[i];
    if (code < 0) return page.unitOf[i] < 0 ? none : silent;
    return made[code];
  }

  // Per aggregate that speaks in this slice, the regions it speaks for; their dots are not drawn.
  function joinedOf(metric, t) {
    within = new Uint8Array(count);
    return page.aggregates.flatMap((unit) => {
      if (!metric.status[unit * metric.slices + t]) return [];
      const regions = page.units[unit].members.filter((region) => owners[region] === unit);
      for (const region of regions) within[region] = 1;
      return regions.length ? [{ unit, regions }] : [];
    });
  }

  return {
    update,
    style,
    owners: () => owners,
    joined: () => joined,
    forget() {
      codes.fill(-2);
      made = [];
    },
  };
}

function legendOf(page, metric, isDark) {
  const list = element("ul", "gt-legend");
  list.setAttribute("aria-label", page.words.legend + page.words.colon + aside(metric.title, metric.unit && metric.unitShown, page.words));
  const colours = isDark ? metric.dark : metric.light;
  metric.breaks.order.forEach((i) => {
    const label = metric.breaks.labels[i];
    const item = element("li");
    const swatch = element("span", "gt-swatch");
    swatch.style.background = colours[i];
    item.append(swatch, element("span", "", label));
    list.append(item);
  });
  const words = page.words;
  const extra = [["gt-swatch-missing", words.noData]];
  if (metric.hasBounds) extra.push(["gt-swatch-bound", metric.boundLegend ?? words.boundLegend]);
  if (page.geo.territories.length) extra.push(["gt-swatch-dispute", words.disputed]);
  for (const [name, label] of extra) {
    const item = element("li");
    item.append(element("span", "gt-swatch " + name), element("span", "", label));
    list.append(item);
  }
  return list;
}

window.geotrack = {
  mount,
  crs: (parameters) => crsOf(L, parameters),
  place,
  added,
  lost,
  missed,
};
