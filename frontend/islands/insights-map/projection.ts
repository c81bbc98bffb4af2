// Albers' equal-area conic with China's usual parallels: areas compare, and the outline looks as people know it.
import { geoConicEqualAreaRaw } from 'd3-geo';

const RADIANS = Math.PI / 180;
const MERIDIAN = 105;
const raw = geoConicEqualAreaRaw(25 * RADIANS, 47 * RADIANS);

/** A point of the plane; y grows downwards, the unit is the earth's radius. */
export type Point = [number, number];

/** Plane coordinates of a place given in degrees. */
export function project(lon: number, lat: number): Point {
  const [x, y] = raw((lon - MERIDIAN) * RADIANS, lat * RADIANS);
  return [x, -y];
}

/** Degrees of a point of the plane. */
export function unproject(x: number, y: number): Point {
  // d3 gives every raw projection an inverse; its types call it optional.
  const [lambda, phi] = (raw.invert as (x: number, y: number) => Point)(x, -y);
  return [lambda / RADIANS + MERIDIAN, phi / RADIANS];
}

/** Pan and zoom: screen = plane × k + (x, y). */
export interface View {
  k: number;
  x: number;
  y: number;
}

/** The same middle at the same scale on a canvas of another size. */
export function recentred(
  view: View,
  before: { width: number; height: number },
  now: { width: number; height: number },
): View {
  return { k: view.k, x: view.x + (now.width - before.width) / 2, y: view.y + (now.height - before.height) / 2 };
}

/** West, south, east, north of what a canvas of that size shows, with a margin; from points along its edges. */
export function visibleBox(view: View, width: number, height: number): [number, number, number, number] {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (let i = 0; i <= 4; i += 1) {
    for (const [sx, sy] of [
      [(width * i) / 4, 0],
      [(width * i) / 4, height],
      [0, (height * i) / 4],
      [width, (height * i) / 4],
    ]) {
      const [lon, lat] = unproject((sx - view.x) / view.k, (sy - view.y) / view.k);
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  return [Math.max(-180, west - 0.5), Math.max(-90, south - 0.5), Math.min(180, east + 0.5), Math.min(90, north + 0.5)];
}

/** The server's zoom step (3–12) for a scale: each step doubles it; 3 is the whole country on a small screen. */
export function zoomStep(k: number): number {
  return Math.max(3, Math.min(12, Math.round(Math.log2(k / 600)) + 3));
}
