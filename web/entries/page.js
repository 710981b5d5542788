// The script of a whole page, and of a map in an article (`WHOLE` is false): neither chart, modes, table nor downloads.

import { chartControl } from "../page/chart.js";
import { downloadControl } from "../page/download.js";
import { labelControl } from "../page/labels.js";
import { legendControl } from "../page/legend.js";
import { metricsOf } from "../page/metrics.js";
import { serve } from "../page/mount.js";
import { shiftOf } from "../page/shift.js";
import { summaryOf } from "../page/summary.js";
import { tableControl } from "../page/table.js";
import { stripControl } from "../page/timeline.js";
import { tools } from "geotrack:tools";

serve([
  metricsOf,
  legendControl,
  WHOLE && chartControl,
  stripControl,
  labelControl,
  WHOLE && shiftOf,
  summaryOf,
  WHOLE && tableControl,
  WHOLE && downloadControl,
], WHOLE ? { whole: true, tools } : {});
