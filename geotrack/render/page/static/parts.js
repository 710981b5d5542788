// The small functions that tests call by name; a compact map carries neither them nor this.
window.geotrack.parts = {
  readGeometry, readValues, written, changed, decimal, plain, csvOf, classOf, outline, scan, field, ticksOf, readPage, equalEarth, albers,
};
