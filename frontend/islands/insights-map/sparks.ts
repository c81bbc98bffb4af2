// Ten thousand blinking sparks at thirty frames a second without a GPU: sparks are small alpha kernels written straight
// into one pixel buffer. A canvas call per spark reached 20 frames a second at 10,000 (docs/benchmarks.md).
import type { View } from './projection';

/** One answer row of /map/data: place, number of people, seven numbers by kind and freshness, name, key. */
export type Cell = [
  lon: number,
  lat: number,
  count: number,
  checkinFresh: number,
  checkinRecent: number,
  checkinStale: number,
  postingFresh: number,
  postingRecent: number,
  postingStale: number,
  home: number,
  label: string,
  key: string,
];

/** A cell with its place in the plane. */
export interface Placed {
  cell: Cell;
  x: number;
  y: number;
}

// Column of the cell → looks. Round: said by the person or home; square: from a posting; hollow: stale.
const LOOKS = [
  { column: 3, shape: 'round', light: 255, blink: 1 },
  { column: 6, shape: 'square', light: 245, blink: 1 },
  { column: 4, shape: 'round', light: 220, blink: 0.7 },
  { column: 7, shape: 'square', light: 210, blink: 0.7 },
  { column: 9, shape: 'home', light: 205, blink: 0.5 },
  { column: 5, shape: 'hollow', light: 165, blink: 0.15 },
  { column: 8, shape: 'hollowSquare', light: 165, blink: 0.15 },
] as const;
type Shape = (typeof LOOKS)[number]['shape'];

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const LEVELS = 16;
const TURN = 2400; // milliseconds a blink takes
const WARM = (48 << 16) | (72 << 8) | 255; // little-endian BGR of a warm red
const HOT = (176 << 16) | (222 << 8) | 255; // the white-hot middle

interface Kernel {
  size: number;
  alpha: Uint8Array; // one byte a pixel
  hot: Uint8Array; // 1 where the pixel is white-hot
}

/** Alpha kernel of a shape, `scale` device pixels a unit. */
export function kernel(shape: Shape, scale: number): Kernel {
  const radius = (shape === 'home' ? 2.2 : 3.2) * scale;
  const size = 2 * Math.ceil(radius) + 1;
  const alpha = new Uint8Array(size * size);
  const hot = new Uint8Array(size * size);
  const middle = (size - 1) / 2;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const [dx, dy] = [Math.abs(x - middle), Math.abs(y - middle)];
      const square = shape === 'square' || shape === 'hollowSquare';
      const distance = (square ? Math.max(dx, dy) * 1.15 : Math.hypot(dx, dy)) / radius;
      let value = 0;
      if (shape === 'hollow' || shape === 'hollowSquare') value = distance <= 1 && distance > 0.55 ? 1 : 0;
      else if (square) value = distance <= 0.8 ? 1 : Math.max(0, 1.9 - 1.9 * distance);
      else value = Math.max(0, 1 - distance) ** 0.7;
      alpha[y * size + x] = Math.round(255 * Math.min(1, value));
      hot[y * size + x] = (shape === 'round' || shape === 'square') && distance < 0.36 ? 1 : 0;
    }
  }
  return { size, alpha, hot };
}

/** How far the crowd of a cell may spread, in pixels: it grows with the zoom, and a few people stay close. */
export function spread(count: number, k: number): number {
  const room = Math.max(14, Math.min(150, 14 * Math.sqrt(k / 600)));
  return Math.min(room, 2.4 * Math.sqrt(count) + 1);
}

/** Where the `index`-th of `count` people of a crowd stands, relative to its middle: a sunflower's spiral. */
export function seat(index: number, count: number, radius: number): [number, number] {
  if (count === 1) return [0, 0];
  const distance = radius * Math.sqrt((index + 0.5) / count);
  return [distance * Math.cos(index * GOLDEN), distance * Math.sin(index * GOLDEN)];
}

/** The blink of a spark at a time: 1 is bright. `depth` 0 keeps it still. */
export function glow(time: number, phase: number, depth: number): number {
  const wave = 0.5 + 0.5 * Math.sin(2 * Math.PI * (time / TURN + phase));
  return 1 - depth * 0.72 * wave;
}

/** Holds the sparks of the present answer as screen positions and paints them, frame by frame. */
export class Sparks {
  private x = new Int16Array(0);
  private y = new Int16Array(0);
  private look = new Uint8Array(0);
  private phase = new Uint8Array(0);
  private length = 0;
  private image: ImageData | null = null;
  private pixels = new Uint32Array(0);
  private kernels: Kernel[] = [];
  private scale = 0;
  private box = { left: 0, top: 0, right: 0, bottom: 0 }; // device pixels that hold every spark
  private clean = true; // nothing is on the canvas

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly size = 1,
  ) {}

  /** Number of sparks in the last layout; people who would stand on the very same pixel share one. */
  get count(): number {
    return this.length;
  }

  /** Seat everybody of `placed` for `view`; sparks off the canvas are left out. */
  layout(placed: Placed[], view: View, ratio: number): void {
    const total = placed.reduce((sum, { cell }) => sum + cell[2], 0);
    if (this.x.length < total) {
      this.x = new Int16Array(total);
      this.y = new Int16Array(total);
      this.look = new Uint8Array(total);
      this.phase = new Uint8Array(total);
    }
    if (this.scale !== ratio * this.size) {
      this.scale = ratio * this.size;
      this.kernels = LOOKS.map(({ shape }) => kernel(shape, this.scale));
    }
    const { width, height } = this.canvas;
    this.length = 0;
    this.clear();
    const box = { left: width, top: height, right: 0, bottom: 0 };
    for (const { cell, x, y } of placed) {
      const [sx, sy] = [(x * view.k + view.x) * ratio, (y * view.k + view.y) * ratio];
      const radius = spread(cell[2], view.k) * ratio;
      if (sx + radius < 0 || sy + radius < 0 || sx - radius > width || sy - radius > height) continue;
      const margin = Math.ceil(radius + 5 * this.scale);
      box.left = Math.max(0, Math.min(box.left, Math.floor(sx) - margin));
      box.top = Math.max(0, Math.min(box.top, Math.floor(sy) - margin));
      box.right = Math.min(width, Math.max(box.right, Math.ceil(sx) + margin));
      box.bottom = Math.min(height, Math.max(box.bottom, Math.ceil(sy) + margin));
      const seated = new Set<number>();
      let index = 0;
      LOOKS.forEach(({ column }, look) => {
        for (let i = 0; i < (cell[column] as number); i += 1, index += 1) {
          const [dx, dy] = seat(index, cell[2], radius);
          const [px, py] = [Math.round(sx + dx), Math.round(sy + dy)];
          const pixel = py * 32768 + px;
          if (seated.has(pixel)) continue; // the earlier look is the fresher one
          seated.add(pixel);
          this.x[this.length] = px;
          this.y[this.length] = py;
          this.look[this.length] = look;
          this.phase[this.length] = (index * 97 + this.length * 31) & 255;
          this.length += 1;
        }
      });
    }
    this.box = box;
  }

  /** Wipe what the last layout left. */
  private clear(): void {
    if (this.clean) return;
    this.pixels.fill(0);
    this.canvas.getContext('2d')?.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.clean = true;
  }

  /** Paint one frame. `time` in milliseconds; with `still` nothing blinks. */
  paint(time: number, still: boolean): void {
    const { width, height } = this.canvas;
    const context = this.canvas.getContext('2d');
    if (!context || width === 0 || height === 0) return;
    if (!this.image || this.image.width !== width || this.image.height !== height) {
      this.image = context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    const { left, top, right, bottom } = this.box;
    if (right <= left || bottom <= top) return;
    for (let y = top; y < bottom; y += 1) this.pixels.fill(0, y * width + left, y * width + right);
    const lights = this.lights(time, still);
    for (let i = 0; i < this.length; i += 1) {
      const look = this.look[i];
      this.stamp(this.kernels[look], this.x[i], this.y[i], lights[look * LEVELS + (this.phase[i] >> 4)], width, height);
    }
    context.putImageData(this.image, 0, 0, left, top, right - left, bottom - top);
    this.clean = false;
  }

  /** Brightness (0–255) by look and phase group for this moment. */
  private lights(time: number, still: boolean): Uint8Array {
    const lights = new Uint8Array(LOOKS.length * LEVELS);
    LOOKS.forEach(({ light, blink }, look) => {
      for (let level = 0; level < LEVELS; level += 1)
        lights[look * LEVELS + level] = light * glow(time, level / LEVELS, still ? 0 : blink);
    });
    return lights;
  }

  private stamp(kernel: Kernel, cx: number, cy: number, light: number, width: number, height: number): void {
    const { size, alpha, hot } = kernel;
    const half = (size - 1) >> 1;
    const [left, top] = [cx - half, cy - half];
    if (left < 0 || top < 0 || left + size > width || top + size > height) return;
    const { pixels } = this;
    for (let y = 0, from = 0, to = top * width + left; y < size; y += 1, to += width - size) {
      for (let x = 0; x < size; x += 1, from += 1, to += 1) {
        const value = (alpha[from] * light) >> 8;
        if (value > pixels[to] >>> 24) pixels[to] = (value << 24) | (hot[from] ? HOT : WARM);
      }
    }
  }
}
