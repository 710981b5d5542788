// The script of a map in an article: neither chart, table nor downloads.

import { labelControl } from "../page/labels.js";
import { legendControl } from "../page/legend.js";
import { metricsOf } from "../page/metrics.js";
import { serve } from "../page/mount.js";
import { summaryOf } from "../page/summary.js";
import { stripControl } from "../page/timeline.js";

serve([metricsOf, legendControl, stripControl, labelControl, summaryOf]);
