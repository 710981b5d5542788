// What the scripts of a shift's modes, where a page has them, are built from.
window.geotrack.tools = {
  element, svg, timeScale, marker, timeLayer, looksOf, tipOf, describe, spoken, sparkOf, legendOf, readPage, inflate, inflateJson, reader,
  cellOf, valueText, groupText, remainderLines, inUnit, bounded, decimal, withUnit, signedText, changeUnit, plain, fill, field, csvOf, dayOf, labelsOf, meets,
  STATUS, LOWER, COLUMNS, INSET,
};
