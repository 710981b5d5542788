// Functions that the tests call by name; no page carries this.

import { outline, readGeometry, readValues } from "../map/decode.js";
import { scan } from "../map/canvas.js";
import { PROJECTIONS, albers, equalEarth } from "../map/projection.js";
import { ticksOf } from "../page/chart.js";
import { csvOf, field } from "../page/download.js";
import { changed, decimal, plain, written } from "../page/format.js";
import { classOf, readPage } from "../page/model.js";
import { joined, registryOf } from "../page/registry.js";

window.geotrackParts = {
  readGeometry, readValues, written, changed, decimal, plain, csvOf, classOf, outline, scan, field, ticksOf, readPage, equalEarth, albers, PROJECTIONS,
  joined, registryOf,
};
