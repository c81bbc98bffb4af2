import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import './index';

const EMPTY = { as_of: '2026-11-22T12:00:00+08:00', live: true, total: 0, away: 0, names: true, cells: [] };

describe('the map by itself', () => {
  let asked: RequestInit[] = [];
  let hidden = false;

  beforeEach(() => {
    asked = [];
    hidden = false;
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', () => 0);
    vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
    vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
      if (address.startsWith('/map/data')) asked.push(init);
      return Promise.resolve({ ok: address.startsWith('/map/data'), json: () => Promise.resolve(EMPTY) });
    });
    // No socket-url: no hint ever comes, as when every one of them is lost.
    document.body.innerHTML = '<insights-map data-url="/map/data" base-url="/map/base"></insights-map>';
  });
  afterEach(() => {
    document.body.innerHTML = '';
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  const background = (): boolean[] => asked.map((init) => new Headers(init.headers).has('X-Background'));

  it('asks anew every minute, so that a lost hint costs a minute at most, and keeps nobody logged in by it', async () => {
    await vi.advanceTimersByTimeAsync(1000);
    expect(background()).toEqual([false]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(background()).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(background()).toEqual([false, true, true, true]);
  });

  it('asks nothing while nobody looks', async () => {
    await vi.advanceTimersByTimeAsync(1000);
    hidden = true;
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked.length).toBe(1);
    hidden = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBe(2);
  });

  it('stops asking when it is taken out of the page', async () => {
    await vi.advanceTimersByTimeAsync(1000);
    document.body.innerHTML = '';
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked.length).toBe(1);
  });
});
