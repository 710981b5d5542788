// The map's projection as a Leaflet CRS, so that folium's own layers (markers, lines, GeoJSON in
// longitude and latitude) fall where they belong on an equal-area map without tiles.
// Ellipsoidal formulas: Equal Earth: Savric, Patterson and Jenny, 2019 (doi:10.1080/13658816.2018.1504949);
// Albers: Snyder, Map Projections: A Working Manual, USGS 1395, 1987, pp. 101-102.

/** @import { CRS, LatLng, Point } from "leaflet" */
/** @import { Projection } from "../types.d.ts" */

/**
 * Degrees to metres of the plane, and back.
 * @typedef {object} Formula
 * @property {(lon: number, lat: number) => [x: number, y: number]} forward
 * @property {(x: number, y: number) => [lon: number, lat: number]} inverse
 */

const A = 6378137; // WGS 84, metres
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const E1 = Math.sqrt(E2);
const RAD = Math.PI / 180;
const METRE = 1e-5; // a metre in the map's pixels at zoom 0

/**
 * Snyder 3-12: the area of a zone, from which equal-area projections count.
 * @param {number} phi
 */
function zone(phi) {
  const s = Math.sin(phi);
  const es = E1 * s;
  return (1 - E2) * (s / (1 - es * es) - Math.log((1 - es) / (1 + es)) / (2 * E1));
}

const POLE = zone(Math.PI / 2);

/**
 * The latitude of a zone's area: Newton from the authalic latitude; four steps reach a double's precision.
 * @param {number} q
 */
function latitude(q) {
  const bounded = Math.max(-POLE, Math.min(POLE, q));
  let phi = Math.asin(bounded / POLE);
  for (let i = 0; i < 6; i++) {
    const s = Math.sin(phi);
    const slope = (2 * (1 - E2) * Math.cos(phi)) / (1 - E2 * s * s) ** 2;
    if (Math.abs(slope) < 1e-12) break;
    phi += (bounded - zone(phi)) / slope;
  }
  return phi;
}

const EE = [1.340264, -0.081106, 0.000893, 0.003796];
const RQ = A * Math.sqrt(POLE / 2);

/**
 * Equal Earth, of the whole world.
 * @returns {Formula}
 */
export function equalEarth() {
  const M = Math.sqrt(3) / 2;
  const top = Math.asin(M);
  /** @param {number} t */
  const rise = (t) => t * (EE[0] + EE[1] * t ** 2 + t ** 6 * (EE[2] + EE[3] * t ** 2));
  /** @param {number} t */
  const slope = (t) => EE[0] + 3 * EE[1] * t ** 2 + t ** 6 * (7 * EE[2] + 9 * EE[3] * t ** 2);
  return {
    forward(lon, lat) {
      const t = Math.asin(M * (zone(lat * RAD) / POLE));
      return [(RQ * lon * RAD * Math.cos(t)) / (M * slope(t)), RQ * rise(t)];
    },
    inverse(x, y) {
      let t = y / RQ / EE[0];
      for (let i = 0; i < 12; i++) t -= (rise(t) - y / RQ) / slope(t);
      t = Math.max(-top, Math.min(top, t));
      return [(x * M * slope(t)) / (RQ * Math.cos(t)) / RAD, latitude((POLE * Math.sin(t)) / M) / RAD];
    },
  };
}

/**
 * Albers, of a country or a continent.
 * @param {Pick<Required<Projection>, "lat_1" | "lat_2" | "lat_0" | "lon_0">} parameters
 * @returns {Formula}
 */
export function albers({ lat_1, lat_2, lat_0, lon_0 }) {
  /** @param {number} phi */
  const m = (phi) => Math.cos(phi) / Math.sqrt(1 - E2 * Math.sin(phi) ** 2);
  const [p1, p2, p0] = [lat_1, lat_2, lat_0].map((degrees) => degrees * RAD);
  const n = p1 === p2 ? Math.sin(p1) : (m(p1) ** 2 - m(p2) ** 2) / (zone(p2) - zone(p1));
  const c = m(p1) ** 2 + n * zone(p1);
  /** @param {number} q */
  const radius = (q) => (A * Math.sqrt(Math.max(0, c - n * q))) / n;
  const base = radius(zone(p0));
  return {
    forward(lon, lat) {
      const turn = n * (lon - lon_0) * RAD;
      const r = radius(zone(lat * RAD));
      return [r * Math.sin(turn), base - r * Math.cos(turn)];
    },
    inverse(x, y) {
      const r = Math.sign(n) * Math.hypot(x, base - y);
      const turn = Math.atan2(Math.sign(n) * x, Math.sign(n) * (base - y));
      return [lon_0 + turn / n / RAD, latitude((c - ((r * n) / A) ** 2) / n) / RAD];
    },
  };
}

/** @type {Record<string, (parameters: Required<Projection>) => Formula>} */
export const PROJECTIONS = { eqearth: equalEarth, aea: albers };

/**
 * A Leaflet CRS of that projection; plain coordinates of the plane if it is handed none. What it is handed a
 * formula must be here for: geotrack/geo/projections.py names those.
 * @param {typeof import("leaflet")} L
 * @param {Projection} parameters
 * @returns {CRS}
 */
export function crsOf(L, parameters) {
  if (!parameters.proj) return L.CRS.Simple;
  const make = PROJECTIONS[parameters.proj];
  if (!make) throw new Error(`no formula of the projection ${parameters.proj}`);
  const formula = make(/** @type {Required<Projection>} its own are there */ (parameters));
  const reach = 2e7 * METRE;
  // circles and rulers of others count in metres; Leaflet's types leave the radius out
  const { R, distance } = /** @type {CRS & { R: number }} */ (L.CRS.Earth);
  return L.extend({}, L.CRS.Simple, {
    R,
    distance,
    code: "geotrack:" + parameters.proj,
    projection: {
      /** @param {LatLng} latlng */
      project(latlng) {
        const [x, y] = formula.forward(latlng.lng, Math.max(-90, Math.min(90, latlng.lat)));
        return new L.Point(x * METRE, y * METRE);
      },
      /** @param {Point} point */
      unproject(point) {
        const [lon, lat] = formula.inverse(point.x / METRE, point.y / METRE);
        return new L.LatLng(lat, lon);
      },
      bounds: L.bounds([-reach, -reach], [reach, reach]),
    },
  });
}
