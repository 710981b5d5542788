// What build.js makes of the import statements of shift/: the functions of the page that the modes call; and whether
// it builds the script of a whole page.

declare module "geotrack:tools" {
  export const tools: Record<string, unknown>;
}

declare const WHOLE: boolean;
