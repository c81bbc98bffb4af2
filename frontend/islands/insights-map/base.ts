// The map's ground: outlines of the provinces, every island, the maritime line; drawn once per pan or zoom.
import { type Point, project, type View } from './projection';

type Ring = number[][];
interface Feature {
  properties: { name?: string; kind?: string; center?: Point };
  geometry: { type: string; coordinates: unknown };
}

/** A drawable base: land, maritime lines, names with their places, and the extent in the plane. */
export interface Base {
  land: Path2D;
  lines: Path2D;
  names: { text: string; at: Point }[];
  extent: [Point, Point];
}

function trace(path: Path2D, ring: Ring, close: boolean, extent: [Point, Point] | null): void {
  ring.forEach(([lon, lat], index) => {
    const [x, y] = project(lon, lat);
    if (index === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
    if (extent) {
      extent[0] = [Math.min(extent[0][0], x), Math.min(extent[0][1], y)];
      extent[1] = [Math.max(extent[1][0], x), Math.max(extent[1][1], y)];
    }
  });
  if (close) path.closePath();
}

/** Turn GeoJSON (ours, or an administrator's approved one) into paths. Unknown geometry is left out. */
export function readBase(collection: { features: Feature[] }): Base {
  const base: Base = {
    land: new Path2D(),
    lines: new Path2D(),
    names: [],
    extent: [
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
      [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ],
  };
  for (const { geometry, properties } of collection.features) {
    if (!geometry) continue;
    const { type, coordinates } = geometry;
    if (type === 'Polygon') for (const ring of coordinates as Ring[]) trace(base.land, ring, true, base.extent);
    if (type === 'MultiPolygon')
      for (const part of coordinates as Ring[][]) for (const ring of part) trace(base.land, ring, true, base.extent);
    if (type === 'LineString') trace(base.lines, coordinates as Ring, false, base.extent);
    if (type === 'MultiLineString')
      for (const line of coordinates as Ring[]) trace(base.lines, line, false, base.extent);
    if (properties?.center && properties.name)
      base.names.push({ text: properties.name, at: project(properties.center[0], properties.center[1]) });
  }
  return base;
}

/** Colours of the ground; the map is dark in both themes, so that the sparks carry. */
export const GROUND = { sea: '#17110f', land: '#2a1f1b', edge: '#6b4a3c', line: '#a8734f', name: '#8d6f60' };

/** Draw the ground for `view` on a canvas whose backing store is `ratio` times its size. */
export function drawBase(
  context: CanvasRenderingContext2D,
  base: Base | null,
  view: View,
  width: number,
  height: number,
  ratio: number,
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = GROUND.sea;
  context.fillRect(0, 0, width, height);
  if (!base) return;
  context.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  context.fillStyle = GROUND.land;
  context.fill(base.land, 'evenodd');
  context.strokeStyle = GROUND.edge;
  context.lineJoin = 'round';
  context.lineWidth = 0.7 / view.k;
  context.stroke(base.land);
  context.strokeStyle = GROUND.line;
  context.lineWidth = 1.6 / view.k;
  context.stroke(base.lines);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (view.k < 900) return; // names would cover the country
  context.fillStyle = GROUND.name;
  context.font = '12px system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
  context.textAlign = 'center';
  const taken: [number, number][] = [];
  for (const { text, at } of base.names) {
    const [x, y] = [at[0] * view.k + view.x, at[1] * view.k + view.y];
    if (taken.some(([left, top]) => Math.abs(left - x) < 40 && Math.abs(top - y) < 16)) continue;
    taken.push([x, y]);
    context.fillText(text, x, y);
  }
}
