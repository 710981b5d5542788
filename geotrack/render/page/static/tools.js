// What the scripts of a shift's modes, where a page has them, are built from.
window.geotrack.tools = {
  element, svg, timeScale, marker, timeLayer, looksOf, tipOf, describe, spoken, sparkOf, legendOf, readPage, inflate, inflateJson, reader,
  cellOf, valueText, groupText, remainderLines, written, changed, decimal, withUnit, aside, changeUnit, plain, less, scaleOf, fill, field, csvOf, dayOf, labelsOf, meets,
  STATUS, LOWER, AT_MOST, SHORT, COLUMNS, INSET,
};
