// What the modes of a shift carry, and hand to each other.

/** What a page with modes carries for them. */
export interface Modes {
  words: Record<string, string>;
  names: string[];
  [key: string]: any;
}
