import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveLine } from '../../lib/live';
import { readBase } from './base';
import { cellAt } from './labels';
import { project, recentred, unproject, visibleBox, zoomStep } from './projection';
import { type Cell, glow, kernel, type Placed, Sparks, seat, spread } from './sparks';

function cell(lon: number, lat: number, numbers: number[], key = 'k'): Cell {
  const count = numbers.reduce((sum, n) => sum + n, 0);
  return [lon, lat, count, ...numbers, '滁州营区', key] as unknown as Cell;
}

function placed(...cells: Cell[]): Placed[] {
  return cells.map((one) => {
    const [x, y] = project(one[0], one[1]);
    return { cell: one, x, y };
  });
}

describe('projection', () => {
  it('comes back to the degrees it started from, from Sansha to Mohe', () => {
    for (const [lon, lat] of [
      [112.3, 3.9],
      [73.5, 39.5],
      [122.5, 53.5],
      [135.0, 48.4],
    ]) {
      const [x, y] = project(lon, lat);
      const back = unproject(x, y);
      expect(back[0]).toBeCloseTo(lon, 6);
      expect(back[1]).toBeCloseTo(lat, 6);
    }
  });

  it('puts north above south and east right of west', () => {
    expect(project(105, 40)[1]).toBeLessThan(project(105, 20)[1]);
    expect(project(120, 35)[0]).toBeGreaterThan(project(90, 35)[0]);
  });

  it('shows a box that holds every corner of the screen', () => {
    const view = { k: 2000, x: 400, y: 1800 };
    const [west, south, east, north] = visibleBox(view, 800, 600);
    for (const [sx, sy] of [
      [0, 0],
      [800, 0],
      [0, 600],
      [800, 600],
    ]) {
      const [lon, lat] = unproject((sx - view.x) / view.k, (sy - view.y) / view.k);
      expect(lon).toBeGreaterThanOrEqual(west);
      expect(lon).toBeLessThanOrEqual(east);
      expect(lat).toBeGreaterThanOrEqual(south);
      expect(lat).toBeLessThanOrEqual(north);
    }
  });

  it('keeps the middle of a closer look when the window changes', () => {
    const view = { k: 4000, x: -900, y: -1200 };
    const now = recentred(view, { width: 800, height: 600 }, { width: 390, height: 480 });
    expect(now.k).toBe(4000);
    const middle = (one: typeof view, width: number, height: number): [number, number] =>
      unproject((width / 2 - one.x) / one.k, (height / 2 - one.y) / one.k);
    const [was, is] = [middle(view, 800, 600), middle(now, 390, 480)];
    expect(is[0]).toBeCloseTo(was[0], 9);
    expect(is[1]).toBeCloseTo(was[1], 9);
  });

  it('steps the zoom by one for each doubling, between 3 and 12', () => {
    expect(zoomStep(600)).toBe(3);
    expect(zoomStep(1200)).toBe(4);
    expect(zoomStep(1)).toBe(3);
    expect(zoomStep(1e9)).toBe(12);
  });
});

describe('sparks', () => {
  it('draws stale sparks hollow and fresh ones with a hot middle', () => {
    const fresh = kernel('round', 1);
    const stale = kernel('hollow', 1);
    const middle = (fresh.size * fresh.size - 1) / 2;
    expect(fresh.alpha[middle]).toBe(255);
    expect(fresh.hot[middle]).toBe(1);
    expect(stale.alpha[(stale.size * stale.size - 1) / 2]).toBe(0);
    expect(Math.max(...stale.alpha)).toBe(255);
  });

  it('draws sparks from a posting square: the corners of the kernel are lit', () => {
    const square = kernel('square', 2);
    const round = kernel('round', 2);
    const middle = (square.size - 1) / 2;
    const corner = (middle - 4) * square.size + middle - 4;
    expect(square.alpha[corner]).toBeGreaterThan(round.alpha[corner]);
  });

  it('seats nobody on another: a crowd of 200 has 200 seats inside its radius', () => {
    const seats = new Set<string>();
    for (let i = 0; i < 200; i += 1) {
      const [x, y] = seat(i, 200, 40);
      expect(Math.hypot(x, y)).toBeLessThanOrEqual(40);
      seats.add(`${x.toFixed(2)},${y.toFixed(2)}`);
    }
    expect(seats.size).toBe(200);
  });

  it('blinks only as deep as asked', () => {
    const values = Array.from({ length: 50 }, (_, i) => glow(i * 50, 0, 1));
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.6);
    expect(glow(123, 0.4, 0)).toBe(1);
  });

  it('gives every person of a cell one spark, and none to cells off the canvas', () => {
    const canvas = document.createElement('canvas');
    canvas.width = 800;
    canvas.height = 600;
    const sparks = new Sparks(canvas);
    const [x, y] = project(118.3, 32.3);
    const view = { k: 1000, x: 400 - x * 1000, y: 300 - y * 1000 };
    sparks.layout(
      placed(cell(118.3, 32.3, [3, 1, 2, 4, 0, 1, 20]), cell(73.5, 39.5, [0, 0, 0, 0, 0, 0, 9])),
      { ...view, k: 1000 },
      1,
    );
    expect(sparks.count).toBe(31);
  });

  it('spreads a larger crowd wider, up to a bound that grows with the zoom', () => {
    expect(spread(1, 600)).toBeLessThan(spread(20, 600));
    expect(spread(100000, 600)).toBe(14);
    expect(spread(100000, 60000)).toBeGreaterThan(100);
  });
});

describe('cells and base', () => {
  it('finds the nearest crowd under the pointer and none far away', () => {
    const crowds = placed(cell(118.3, 32.3, [1, 0, 0, 0, 0, 0, 0], 'a'), cell(117.4, 32.9, [5, 0, 0, 0, 0, 0, 0], 'b'));
    const view = { k: 3000, x: 0, y: 0 };
    const at = crowds[1];
    expect(cellAt(crowds, view, at.x * 3000 + 2, at.y * 3000)?.cell[11]).toBe('b');
    expect(cellAt(crowds, view, at.x * 3000 + 900, at.y * 3000)).toBeNull();
  });

  it('reads polygons and lines, and leaves unknown geometry out', () => {
    class Path {
      moves = 0;
      moveTo(): void {
        this.moves += 1;
      }
      lineTo(): void {}
      closePath(): void {}
    }
    vi.stubGlobal('Path2D', Path);
    const square = [
      [100, 30],
      [101, 30],
      [101, 31],
      [100, 30],
    ];
    const base = readBase({
      features: [
        {
          properties: { name: '甲', center: [100.5, 30.5] },
          geometry: { type: 'MultiPolygon', coordinates: [[square], [square]] },
        },
        { properties: {}, geometry: { type: 'LineString', coordinates: square } },
        { properties: {}, geometry: { type: 'Point', coordinates: [100, 30] } },
      ],
    });
    expect((base.land as unknown as Path).moves).toBe(2);
    expect((base.lines as unknown as Path).moves).toBe(1);
    expect(base.names.map(({ text }) => text)).toEqual(['甲']);
    vi.unstubAllGlobals();
  });
});

describe('live line', () => {
  class FakeSocket {
    static made: FakeSocket[] = [];
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    constructor(readonly url: string) {
      FakeSocket.made.push(this);
    }
    close(): void {}
  }

  beforeEach(() => {
    FakeSocket.made = [];
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeSocket);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('looks again for every hint, and after a cut, when hints may have been missed', () => {
    const change = vi.fn();
    const states: string[] = [];
    const line = new LiveLine('/ws/map/', change, (state) => states.push(state));
    line.open();
    FakeSocket.made[0].onopen?.();
    expect(change).toHaveBeenCalledTimes(0);
    FakeSocket.made[0].onmessage?.({ data: '{}' });
    expect(change).toHaveBeenCalledTimes(1);
    FakeSocket.made[0].onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1300);
    expect(FakeSocket.made.length).toBe(2);
    FakeSocket.made[1].onopen?.();
    expect(change).toHaveBeenCalledTimes(2);
    expect(states).toEqual(['live', 'cut', 'live']);
  });

  it('tells a log-in that has ended from any other refusal', () => {
    const states: string[] = [];
    const line = new LiveLine(
      '/ws/map/',
      () => undefined,
      (state) => states.push(state),
    );
    line.open();
    FakeSocket.made[0].onclose?.({ code: 4401 });
    vi.advanceTimersByTime(60000);
    expect(FakeSocket.made.length).toBe(1);
    expect(states).toEqual(['ended']);
  });

  it('does not knock again where it was refused', () => {
    const states: string[] = [];
    const line = new LiveLine(
      '/ws/map/',
      () => undefined,
      (state) => states.push(state),
    );
    line.open();
    FakeSocket.made[0].onclose?.({ code: 4403 });
    vi.advanceTimersByTime(60000);
    expect(FakeSocket.made.length).toBe(1);
    expect(states).toEqual(['off']);
  });

  it('stays shut once closed', () => {
    const line = new LiveLine(
      '/ws/map/',
      () => undefined,
      () => undefined,
    );
    line.open();
    line.close();
    FakeSocket.made[0].onclose?.({ code: 1000 });
    vi.advanceTimersByTime(60000);
    expect(FakeSocket.made.length).toBe(1);
  });
});
