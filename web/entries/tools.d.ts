// What build.js makes of the import statements of shift/: the functions of the page that the modes call.

declare module "geotrack:tools" {
  export const tools: Record<string, unknown>;
}
