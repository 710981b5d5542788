// The script of a shift's modes: it travels packed, and finds the page's own script there.

import { modesOf, readModes } from "../shift/modes.js";

window.geotrack.modes ??= modesOf;
window.geotrack.readModes ??= readModes;
