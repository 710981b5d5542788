// What the modules of the page's script hand to each other. Everything else says its types where it stands.

import type { CRS, Layer as LeafletLayer, Map as LeafletMap } from "leaflet";
import type { Modes } from "./shift/types";

// ---- what a page carries ---------------------------------------------------------------------------

/** Days since 1970-01-01. */
export type Day = number;
/** A metric's figures travel as whole numbers, value x 10^scale. */
export type Scaled = number;

export interface Slice {
  start: string;
  end: string;
  iso: string;
  label: string;
  from: Day;
  to: Day;
}

export interface Unit {
  code: string;
  name: string;
  /** How the source writes it. */
  label: string;
  kind: "region" | "aggregate" | "whole";
  /** Regions of the boundaries that it speaks for. */
  members: number[];
}

export interface Group {
  id: string;
  name: string;
  colour: string;
  /** Asked for, or the other units, or what is not on the map. */
  kind: "group" | "rest" | "remainder";
  units: number[];
  outline?: number[];
}

export interface Event {
  date: string;
  label: string;
  day: Day;
}

export interface Origin {
  id: string;
  publisher: string;
}

/** How a language writes numbers. */
export interface NumberStyle {
  decimal: string;
  group: string;
  minus: string;
  percent: string;
  unit: string;
  points: string;
  months: string[];
}

/** The page's words by their names; two of them are tables of words, the second of Leaflet's own. */
export type Words = { [name: string]: string } & { status: Record<string, string>; controls?: Record<string, string> };

/** How a figure is written; see page/format.js. */
export interface Writing {
  digits: number;
  /** The figure is so many tenths, hundredths ...; `digits` where it is not said. */
  scale?: number;
  unit?: string;
  /** What nothing but the whole reads as. */
  whole?: number | null;
  /** Decimals for which there is space. */
  most?: number;
  /** Decimals that are written though they are zeros. */
  least?: number;
  style?: NumberStyle;
  words: Words;
}

export interface Breaks {
  edges: Scaled[];
  zero: boolean;
  order: number[];
  labels: string[];
}

export type Part = "mapped" | "stated" | "unstated" | "rounding";

export interface Remainder {
  mapped: (Scaled | null)[];
  stated: Scaled[];
  unstated: Scaled[];
  rounding: Scaled[];
  bounded: boolean[];
  statedBounded: boolean[];
}

/** What is known of a cell that has no figure of its own: it is at most or at least so much, or exactly that. */
export interface PartBound {
  u: number;
  t: number;
  value: Scaled;
  status: number;
}

export type PartBounds = Map<string, PartBound>;

export interface Metric {
  id: string;
  title: string;
  unit: string;
  /** As people read it. */
  unitShown: string;
  whole: number | null;
  digits: number;
  scale?: number;
  /** Decimals where there is space for few; SHORT where it is not said. */
  short?: number;
  style: NumberStyle;
  slices: number;
  /** [unit x slice], by unit. */
  values: Float64Array;
  /** [unit x slice], places in STATUS; 0 is missing. */
  status: Uint8Array;
  origin: Uint16Array | null;
  note: Uint16Array | null;
  breaks: Breaks;
  light: string[];
  dark: string[];
  hasBounds: boolean;
  boundLegend?: string;
  missingLegend?: string;
  addsUp?: boolean;
  totals?: boolean[];
  lacks?: string[];
  groups: (Scaled | null)[][];
  groupStatus: number[][];
  bounds: PartBounds | null;
  groupBounds: PartBounds | null;
  chartLabel: string;
  remainder: Remainder;
  sentences: string[];
  /** Slice -> why it is not whole. */
  partial: Record<string, string>;
  /** Slice -> [note, units] of those that most rows of the slice have. */
  sliceNotes: Record<string, [number, number[]][]>;

  // What a metric that is made of another says in its own way; see shift/changes.js.
  base?: Metric;
  /** The unit of a change in full, where nothing else says it. */
  unitNamed?: string;
  titles?(t: number): Partial<Record<Column, string>>;
  caption?(t: number): string;
  valueText?(cell: Cell): string;
  groupText?(g: number, t: number): string;
  remainderLines?(t: number): Line[];
  retell?(told: Description, u: number, t: number): void;
  rerow?(row: Row, t: number): void;
}

/** A name and what is said of it. */
export type Line = [name: string, said: string];

export interface Page {
  id: string;
  title: string;
  opening: number;
  words: Words;
  numberFormat?: Partial<NumberStyle>;
  slices: Slice[];
  /** Whether periods differ in length or leave gaps. */
  spans: boolean;
  geo: {
    data: string;
    scale: number;
    translate: [number, number];
    bounds: [west: number, south: number, east: number, north: number];
    /** Whether the map is a plane without tiles. */
    simple: boolean;
    /** Code -> what is said of a territory in dispute. */
    disputed: Record<string, string>;
    territories: number[];
  };
  geometry: Uint8Array;
  codes: string[];
  regionNames: string[];
  units: Unit[];
  /** Region -> unit, or -1. */
  unitOf: Int32Array;
  /** Units that speak for several regions. */
  aggregates: number[];
  metrics: Metric[];
  groups: Group[];
  events: Event[];
  origins: Origin[];
  notes: string[];
  citation: string;
  modes?: Modes;
  /** What is added to a region's description; each says "" where it has nothing to say. */
  hints: ((region: number) => string)[];
}

/** A page on which its map runs. */
export interface MountedPage extends Page {
  /** The id, or another where the same map stands twice in a page. */
  key: string;
}

// As the page's JSON has it (render/page/payload.py): what is packed is text, deflated and in base64.

export type RawSlice = Omit<Slice, "from" | "to">;
export type RawEvent = Omit<Event, "day">;
export type RawUnit = Partial<Unit> & Pick<Unit, "members">;
/** [place, slice, value], and 1 where it is not at most that, but that. */
export type RawPartBound = [place: number, t: number, value: Scaled, status?: number];

export interface RawTables {
  codes: string[];
  regionNames: string[];
  units: RawUnit[];
}

/** What of a metric is read, and made of what is read. */
type ReadOfMetric =
  | "values" | "status" | "origin" | "note" | "style" | "slices" | "unitShown" | "bounds" | "groupBounds";

export interface RawMetric extends Omit<Metric, ReadOfMetric> {
  unitShown?: string;
  values: string;
  status: string;
  origin: string | null;
  note: string | null;
  bounds?: RawPartBound[];
  groupBounds?: RawPartBound[];
}

type ReadOfPage =
  | keyof RawTables | "slices" | "geometry" | "unitOf" | "aggregates" | "metrics" | "events" | "modes" | "hints";

export interface RawPage extends Omit<Page, ReadOfPage> {
  tables: string;
  slices: RawSlice[];
  metrics: RawMetric[];
  events: RawEvent[];
  /** The tables and the script of a shift's modes. */
  modes?: string;
  script?: string;
}

/** What is known of a page when its modes are read. */
export type HalfReadPage = Pick<Page, "words" | "numberFormat" | "slices">;

/** A unit in a slice. */
export interface Cell {
  status: number;
  /** What is known of it though it has no figure. */
  beside?: PartBound;
  said: string;
  value: Scaled | null;
  origin: Origin | null;
  note: string;
}

/** A column of the table. */
export type Column = "name" | "value" | "status" | "previous" | "first" | "source";

/** A row of the table. */
export interface Row {
  u: number;
  unit: Unit;
  cell: Cell;
  name: string;
  value: string;
  status: string;
  previous: string;
  first: string;
  source: string;
  sorts: Record<string, number>;
}

/** What is said of a region. */
export interface Description {
  name: string;
  slice: string;
  value: string;
  status: string;
  changes: string[];
  notes: string[];
  source: string;
  within: string;
}

// ---- what is drawn --------------------------------------------------------------------------------

export interface Spot {
  x: number;
  y: number;
}

export interface Box extends Spot {
  width: number;
  height: number;
}

export interface Segment {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export interface Region extends Spot {
  /** Rings of arc references: i, or ~i where the arc runs backwards. */
  rings: number[][];
  /** West, north, east, south in pixels of zoom 0. */
  box: [number, number, number, number];
}

export interface Geometry {
  /** x, y, x, y ... in pixels of zoom 0. */
  arcs: Float64Array[];
  regions: Region[];
}

/** Canvas pixel = k * (pixel of zoom 0) + (x, y), all times dpr. */
export interface View extends Box {
  k: number;
  dpr: number;
}

/** The page's present colours. */
export interface Theme {
  page: string;
  ink: string;
  border: string;
  missing: string;
  hatch: string;
  bound: string;
  dispute: string;
  groups: string[];
}

/** What a region looks like; quiet: nothing was to be expected of it, or its aggregate speaks for it. */
export type Look =
  | { missing: true; quiet: boolean; colour?: undefined; bound?: undefined }
  | { missing?: undefined; quiet: boolean; colour: string; bound?: boolean };

export type Styler = (region: number) => Look;

/** An aggregate that speaks in a slice, and the regions that it speaks for. */
export interface Joined {
  unit: number;
  regions: number[];
}

export interface Looks {
  update(metric: Metric, t: number): number[];
  style: Styler;
  owners(): Int32Array;
  joined(): Joined[];
  forget(): void;
}

export interface Painter {
  prepare(view: View, theme: Theme): void;
  paint(changed: Iterable<number>, style: Styler, joined?: Joined[]): void;
  find(x: number, y: number, style: Styler): number;
  shape(region: number): Path2D;
  /** Whether a step repaints the whole image. */
  whole: boolean;
}

/** A scale of real time: a day's place in pixels. */
export type TimeScale = (day: Day) => number;

/** Quantised units of the geometry -> pixels of the map at zoom 0. */
export type Placer = (x: number, y: number) => [x: number, y: number];

/** What a map shows at first. */
export interface Frame {
  bounds: [west: number, south: number, east: number, north: number];
  /** Whether the map is a plane without tiles. */
  simple: boolean;
}

/** What the time layer is made of. */
export interface LayerData extends Frame {
  geometry: Uint8Array;
  scale: number;
  translate: [number, number];
  /** The zoom at which the frame is shown. */
  home?: number;
  disputed: number[];
  /** Regions of each group that is outlined. */
  outlines: number[][];
  theme(): Theme;
  moved(): void;
  /** In place of the map's own projection. */
  place?: Placer;
}

export interface TimeLayer extends LeafletLayer {
  canvases: HTMLCanvasElement[];
  pens: CanvasRenderingContext2D[];
  geometry: Geometry;
  view?: View;
  theme: Theme;
  /** The zoom at which the frame is shown; undefined while the map is hidden. */
  home?: number;
  style: Styler | null;
  draw(): void;
  dress(): void;
  show(style: Styler, changed: number[], joined: Joined[]): void;
  mark(regions: number[]): void;
  at(point: Spot): number;
  spot(region: number): Spot;
  seen(x: number, y: number): Spot;
  middle(regions: number[]): Spot;
  drawn(region: number): boolean;
  neighbour(from: number, dx: number, dy: number, allowed: (region: number) => boolean): number;
}

/** What may be around a line: an interval under an assumption. */
export interface Band {
  colour: string;
  low: (Scaled | null)[];
  high: (Scaled | null)[];
  factor: number;
}

// ---- one map on one page --------------------------------------------------------------------------

export interface State {
  /** The slice, and the metric, that are shown. */
  t: number;
  m: number;
  /** The region chosen, and the one under the pointer; -1: none. */
  region: number;
  hover: number;
  spot: Spot | null;
  table: boolean;
}

/** A key of the permalink: what stands there now ("" for nothing), and what is to be taken from there. */
export interface Link {
  /** Not there where the map only obeys: what the address says then stays in it. */
  write?(): string;
  read(text: string | undefined): void;
}

/**
 * A part of the page that registers itself (App.use), with its keys of the permalink. Each hook is called for all
 * controls in the order in which they were registered.
 */
export interface Control {
  links?: Record<string, Link>;
  /** Another slice is shown, or the same one in another way. */
  show?(t: number, playing?: boolean): void;
  /** The metric or the mode is another. */
  draw?(): void;
  /** Light or dark. */
  dress?(): void;
  /** The map was moved, or has another size. */
  place?(): void;
  resize?(): void;
  /** Map or table. */
  viewed?(asTable: boolean): void;
  /** The intervals around the chart's lines are others. */
  banded?(): void;
  /** The permalink was read; then, once the map is drawn: what it asks for that needs one. */
  restored?(): void;
  settle?(): void;
  /** The page prints: the map's picture is there, for whoever has something to add. */
  print?(pen: CanvasRenderingContext2D): void;
}

export type Hook = Exclude<keyof Control, "links">;

export interface Timeline extends Control {
  show(t: number): void;
  seek(x: number, scale: TimeScale): void;
  stop(): void;
  playing(): boolean;
}

/** The names on a map. */
export interface Labels {
  update(metric: Metric, t: number, joined: Joined[]): void;
  place(): void;
  draw(pen: CanvasRenderingContext2D, dpr: number, theme: Theme): void;
}

export interface Tip {
  show(text: Description, spark: Element | null, spot: Spot): void;
  hide(): void;
  shown(): boolean;
}

export interface Selection extends Control {
  tip: Tip;
  tell(region: number, spot?: Spot | null, aloud?: boolean): void;
  point(region: number, spot?: Spot | null): void;
  leave(): void;
  hide(): void;
}

/** The modes of a shift, as the page's own script knows them. */
export interface Shift extends Control {
  /** The metric in place of the page's own, of modes that show changes. */
  metric(): Metric | null;
  enter(region: number): void;
  bands(): Band[];
  csv(): string;
}

/** What is looked up in a page, as `map.html.j2` writes it; null where a page may lack it. */
export interface Elements {
  ".folium-map": HTMLElement;
  ".gt-about": HTMLDetailsElement | null;
  ".gt-bar": HTMLElement;
  ".gt-chart-box": HTMLElement | null;
  ".gt-cite-copy": HTMLButtonElement;
  ".gt-cite-file": HTMLButtonElement;
  ".gt-csv": HTMLButtonElement | null;
  ".gt-frame": HTMLElement;
  ".gt-legend-box": HTMLElement;
  ".gt-live": HTMLElement;
  ".gt-loop": HTMLInputElement;
  ".gt-next": HTMLButtonElement;
  ".gt-noted": HTMLElement | null;
  ".gt-notes": HTMLElement;
  ".gt-now": HTMLElement;
  ".gt-play": HTMLButtonElement;
  ".gt-play-text": HTMLElement;
  ".gt-prev": HTMLButtonElement;
  ".gt-range": HTMLInputElement;
  ".gt-remainder": HTMLElement;
  ".gt-sentence": HTMLElement;
  ".gt-speed": HTMLSelectElement;
  ".gt-stage": HTMLElement;
  ".gt-strip-box": HTMLElement;
  ".gt-table": HTMLElement | null;
  ".gt-time": HTMLElement;
  ".gt-title": HTMLElement;
}

export interface App {
  root: HTMLElement;
  page: MountedPage;
  map: LeafletMap;
  state: State;
  frame: HTMLElement;
  layer: TimeLayer;
  looks: Looks;
  shift: Shift | null;
  selection: Selection;
  timeline: Timeline;
  /** An element of the page. */
  $<K extends keyof Elements>(selector: K): Elements[K];
  metric(): Metric;
  isDark(): boolean;
  theme(): Theme;
  go(t: number, playing?: boolean, silent?: boolean): void;
  draw(): void;
  redraw(): void;
  restyle(): void;
  say(text: string): void;
  sentence(t: number): string;
  remember(): void;
  restore(): void;
  settle(): void;
  /** What the address asks for. */
  asked(): Record<string, string>;
  use<T extends Control | null>(make: (app: App) => T): T;
  each<H extends Hook>(hook: H, ...values: Parameters<NonNullable<Control[H]>>): void;
}

/** A control as the entries name it; a page that has no place for it has none. */
export type Maker = (app: App) => Control | null;

/** What `geotrack.mount` hands to a page's own scripts. */
export interface Mounted {
  page: Page;
  layer: TimeLayer;
  go: App["go"];
  timeline: Timeline;
  state: State;
  modes: Shift | null;
}

/** A projection by PROJ's names; lengths in metres, angles in degrees. */
export interface Projection {
  proj: string;
  lat_0?: number;
  lat_1?: number;
  lat_2?: number;
  lon_0?: number;
}

/** What a page's scripts find under `geotrack`. */
export interface Served {
  mount(id: string, map: LeafletMap): Promise<Mounted>;
  crs(parameters: Projection): CRS;
  place(id: string): HTMLElement | string;
  added(id: string, n: number): void;
  lost(id: string, node: HTMLScriptElement | HTMLLinkElement): void;
  missed(id: string, names: string[], text: string, separator: string): void;
  /** Whether this is the script of a whole page; a compact map's knows less. */
  whole?: boolean;
  /** The page's functions that the script of a shift's modes calls. */
  tools?: Record<string, unknown>;
  // once that script is there
  modes?(app: App): Shift;
  readModes?(packed: string, page: HalfReadPage): Promise<Modes>;
}

declare global {
  interface Window {
    geotrack: Served;
    /** For tests only; see entries/parts.js. */
    geotrackParts: Record<string, unknown>;
    geotrackFollow?: boolean;
  }
}
