// What the modes of a shift carry, and hand to each other.

import type { Map as LeafletMap } from "leaflet";
import type {
  App, Band, Breaks, Cell, Control, Line, Looks, Metric, Page, RawPage, Scaled, Shift, Spot, TimeLayer,
} from "../types";

// ---- what a page with modes carries for them: geotrack/render/page/modes.py `packed` ------------------

export type ModeName = "levels" | "difference" | "centre" | "flows" | "twin";

/** A figure for each slice, value x 10^decimals; null where the slice does not tell. */
export type Track = (Scaled | null)[];

/** How a change is coloured. */
export interface Classes extends Breaks {
  light: string[];
  dark: string[];
}

/** A measure that a page tells, and the names of its tracks: geotrack/map/measures.py has them all. */
export interface Measure {
  key: string;
  /** In sentences, tables and the panel. */
  title: string;
  /** In the CSV. */
  column: string;
  unit: string;
  /** Whether it is one number of two slices: here of the first and each other one. */
  pair: boolean;
  /** The track that is told, and what it is where something is left open: a place in STATUS. */
  told: string;
  bound: number;
  /** The ends of its interval; "" for none. */
  low: string;
  high: string;
}

/** The measures that draw the mean centre; of few regions there is none. */
export type CentreTrack = "lon" | "lat" | "length" | "reach";

/** The shares, slice by slice, as a scenario reads the figures, and the tracks of all measures (`trackOf`). */
export interface Reading extends Record<CentreTrack, Track> {
  name: string;
  title: string;
  assumption: string;
  /** In sentences: which line crossed which, and when. */
  crossings: string[];
  /** Slices in which something is left to split: what is measured of the named regions is a bound there. */
  open: number[];
  /** Code of a group or a region -> its share. */
  lines: Record<string, Track>;
  /** Code -> slices in which its share is a lower bound. */
  least: Record<string, number[]>;
  /** Code -> what a share that nobody stated is at most; of those that are. */
  most: Record<string, Track>;
  /** Code -> assumption -> least and greatest share; none but in the first reading, none that is a point. */
  bands: Record<string, Record<string, [Track, Track]>>;
}

/** The parts of a region: provinces or states. */
export interface Inner<P = Page> {
  code: string;
  /** Whether they are of one period, whatever slice is shown. */
  snapshot: boolean;
  /** The last slice that has parts. */
  until: string;
  page: P;
}

/** A share with a denominator of its own; spans: first day, day after the last, percent, place in STATUS. */
export interface Panel {
  title: string;
  spans: [start: string, end: string, value: number, status: number][];
}

/** Machines that somebody reported to have moved between two units. */
export interface Move {
  source: number;
  target: number;
  amount: number;
  atLeast: boolean;
  title: string;
  /** The day on which it was known. */
  by: string;
}

/** The tables as they travel. */
export interface PackedModes {
  words: Record<string, string> & { compass: string[] };
  names: ModeName[];
  /** Which mode is not there, and why; nothing where all are. */
  leftOut?: string;
  /** By metric. */
  changes: Classes[];
  /** Decimals of all that is packed, each track, shares, flows, bands' ends, distances: nothing is read with others. */
  digits: Record<string, number>;
  /** As they are told; of few regions those that say something of them. */
  measures: Measure[];
  /** R below which the mean centre is not stable. */
  unstable: number;
  /** As reported first, then by scenario; none where nothing is measured. */
  readings: Reading[];
  /** Code -> name of the lines of the readings. */
  lines: Record<string, string>;
  /** Name -> sentence. */
  assumptions: Record<string, string>;
  flows: string;
  /** [unit x unit], the rest last in either: distances; null where one has no place. */
  km: (number | null)[] | null;
  inner: Inner<RawPage>[];
  panels: Panel[];
  moves: Move[];
}

/** From unit to unit, -1 for the rest: an amount in points, and between what the solutions of least movement are. */
export interface Flow {
  source: number;
  target: number;
  amount: Scaled;
  low: Scaled;
  high: Scaled;
}

/** The least movement between two slices. */
export interface Pair {
  /** Earlier slice x slices + later slice. */
  key: number;
  /** Whether no other flows are as short. */
  unique: boolean;
  least: Scaled;
  most: Scaled;
  flows: Flow[];
}

/** The tables as they are read. */
export interface Modes extends Omit<PackedModes, "inner"> {
  inner: Inner[];
  pairs: Map<number, Pair>;
  /** The greatest flow of all pairs, once it was asked for. */
  most?: Scaled;
}

/** A page whose modes were read, and the app of one. */
export type ShiftPage = Page & { modes: Modes };

export interface ShiftApp extends App {
  page: App["page"] & ShiftPage;
}

// ---- what is shown -----------------------------------------------------------------------------------

/** What the reader has chosen. */
export interface Now {
  mode: ModeName;
  /** The slice that changes count from. */
  from: number;
  /** Place of the scenario. */
  reading: number;
  /** The assumption of the intervals that are shown, "" for none; null where there are none to choose. */
  band: string | null;
  /** Whether recorded moves are drawn. */
  machines?: boolean;
}

/** The change of a metric since a slice, as a metric of its own. */
export interface Change extends Metric {
  base: Metric;
  /** The unit in full; "" for none. */
  unitNamed: string;
  titles(t: number): { value: string; previous: string; first: string };
  caption(t: number): string;
  valueText(cell: Cell): string;
  groupText(g: number, t: number): string;
  remainderLines(t: number): Line[];
}

export type Changes = (metric: Metric, from: number) => Change;

/** The parts of a region that are shown in its place. */
export interface Shown extends Inner {
  slice: number;
  name: string;
}

/** The modes as the page's own script knows them; changes are for the tests. */
export interface ShownModes extends Shift {
  changes: Changes;
}

/** Keys of the permalink. */
export type Links = NonNullable<Control["links"]>;

/** The handle of the slice that changes count from. */
export interface Handles {
  root: HTMLElement;
  links: Links;
  show(first: number, t: number): void;
}

/** The panel of figures. */
export interface Figures {
  links: Links;
  show(t: number, playing?: boolean): void;
  bands(metric: Metric): Band[];
}

/** A map that stands in place of the first, or beside it. */
export interface SecondMap {
  map: LeafletMap;
  layer: TimeLayer;
  looks: Looks;
  ground: HTMLElement;
  /** again: in other colours, or in another size. */
  show(metric: Metric, t: number, again?: boolean): void;
  paper(): HTMLCanvasElement[];
}

/** What whoever made a second map says of the regions on it, and does where its keys and pointer lead. */
export interface Walk {
  /** The region that is chosen, or -1. */
  now(): number;
  /** Where arrows begin. */
  first(): number;
  /** Whether arrows stop at a region. */
  given(region: number): boolean;
  /** chosen: by a click or a key, so that it is said aloud. */
  go(region: number, spot?: Spot, chosen?: boolean): void;
  leave(): void;
}

/** A point of a curve, the direction there, and the distance of the curve's ends. */
export interface Step extends Spot {
  dx: number;
  dy: number;
  long: number;
}

/** From 0 at its beginning to 1 at its end. */
export type Curve = (t: number) => Step;
