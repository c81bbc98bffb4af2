import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { show } from '../../lib/testing';
import './index';

const EMPTY = { as_of: '2026-11-22T12:00:00+08:00', live: true, total: 0, away: 0, names: true, cells: [] };

describe('the map by itself', () => {
  let asked: RequestInit[] = [];
  let hidden = false;
  let broken = false;
  let live = true;
  let status = 200;
  let more: object = {};

  class Socket {
    static all: Socket[] = [];
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    constructor(readonly url: string) {
      Socket.all.push(this);
    }
    close(): void {}
  }

  const put = (html: string): void => {
    document.body.innerHTML = '';
    show(html);
  };
  const said = (): (string | undefined | null)[] => {
    const status = document.querySelector<HTMLElement>('.map-status');
    return [status?.dataset.state, status?.textContent];
  };

  beforeEach(() => {
    asked = [];
    hidden = broken = false;
    live = true;
    status = 200;
    more = {};
    Socket.all = [];
    vi.stubGlobal('WebSocket', Socket);
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', () => 0);
    vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
    vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
      if (!address.startsWith('/map/data')) return new Promise(() => undefined); // the base takes its time
      asked.push(init);
      if (broken) return Promise.reject(new TypeError('Failed to fetch'));
      return Promise.resolve({ ok: status < 300, status, json: () => Promise.resolve({ ...EMPTY, live, ...more }) });
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

  it('says so when an answer is missed, and is live again with the next', async () => {
    await vi.advanceTimersByTimeAsync(1000);
    expect(said()).toEqual(['live', '实时']);
    broken = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said()).toEqual(['cut', '没有取到最新位置，显示的是上一次的。']);
    broken = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said()).toEqual(['live', '实时']);
  });

  it('keeps the line apart from the answers: an answer does not mend a cut line, nor a line a missed answer', async () => {
    put('<insights-map data-url="/map/data" base-url="/map/base" socket-url="/ws/map/"></insights-map>');
    await vi.advanceTimersByTimeAsync(1000);
    const [line] = Socket.all;
    line.onopen?.();
    line.onclose?.({ code: 1006 });
    expect(said()).toEqual(['cut', '连接中断，正在重连']);
    document.querySelector('insights-map')?.querySelectorAll('button')[2].click();
    await vi.advanceTimersByTimeAsync(500);
    expect(said()).toEqual(['cut', '连接中断，正在重连']);
    broken = true;
    await vi.advanceTimersByTimeAsync(1000);
    Socket.all[1].onopen?.();
    await vi.advanceTimersByTimeAsync(500); // it looks again, in vain
    expect(said()).toEqual(['cut', '没有取到最新位置，显示的是上一次的。']);
    broken = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said()).toEqual(['live', '实时']);
  });

  it('keeps the numbers of its page, and their time, what the map shows', async () => {
    put('<p data-map="as-of">…</p><b data-map="total">0</b><b data-map="away">0</b><b data-map="other">x</b>');
    show(`${document.body.innerHTML}<insights-map data-url="/map/data" base-url="/map/base"></insights-map>`);
    const shown = (): (string | null)[] => [...document.querySelectorAll('[data-map]')].map((one) => one.textContent);
    more = { total: 12345, away: 678 };
    await vi.advanceTimersByTimeAsync(1000);
    expect(shown()).toEqual(['截至 2026-11-22 12:00', '12,345', '678', 'x']);
    more = { total: 12346, away: 679, as_of: '2026-11-22T12:01:07+08:00' };
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown()).toEqual(['截至 2026-11-22 12:01', '12,346', '679', 'x']);
  });

  it('names the past day that it shows', async () => {
    live = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(said()).toEqual(['off', '2026-11-22 的位置']);
  });

  describe('when the log-in has ended', () => {
    const WORDS = '登录已结束，地图不再更新。重新登录';
    const link = (): string | null | undefined => document.querySelector('.map-status a')?.getAttribute('href');
    let gone: string[] = [];
    const went = (event: Event): void => {
      if (!(event.target instanceof HTMLAnchorElement)) return;
      event.preventDefault();
      gone.push(event.target.getAttribute('href') ?? '');
    };

    beforeEach(() => {
      gone = [];
      window.history.replaceState(null, '', '/map/wall/?standing=members#x');
      document.addEventListener('click', went);
    });
    afterEach(() => {
      document.removeEventListener('click', went);
      window.history.replaceState(null, '', '/');
    });

    it('says so, leads to the log-in and back, and asks no more', async () => {
      await vi.advanceTimersByTimeAsync(1000);
      status = 401;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(said()).toEqual(['ended', WORDS]);
      expect(link()).toBe('/map/wall/?standing=members');
      document.querySelector('insights-map')?.querySelectorAll('button')[0].click();
      await vi.advanceTimersByTimeAsync(300_000);
      expect(asked.length).toBe(2);
      expect(gone).toEqual([]);
    });

    it('hears it from the line too', async () => {
      put('<insights-map data-url="/map/data" base-url="/map/base" socket-url="/ws/map/"></insights-map>');
      await vi.advanceTimersByTimeAsync(1000);
      Socket.all[0].onclose?.({ code: 4401 });
      expect(said()).toEqual(['ended', WORDS]);
      const before = asked.length;
      await vi.advanceTimersByTimeAsync(300_000);
      expect([asked.length, Socket.all.length]).toEqual([before, 1]);
    });

    it('is no end where the server is only out of order', async () => {
      await vi.advanceTimersByTimeAsync(1000);
      status = 500;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(said()).toEqual(['cut', '没有取到最新位置，显示的是上一次的。']);
    });

    it('turns the wall to the log-in by itself, once it could be read', async () => {
      put('<insights-map mode="wall" data-url="/map/data" base-url="/map/base"></insights-map>');
      await vi.advanceTimersByTimeAsync(1000);
      status = 401;
      await vi.advanceTimersByTimeAsync(59_500);
      expect([said(), gone]).toEqual([['ended', WORDS], []]);
      await vi.advanceTimersByTimeAsync(8000);
      expect(gone).toEqual(['/map/wall/?standing=members']);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(gone.length).toBe(1);
    });
  });

  it('counts as use where the wall is to stay awake', async () => {
    put('<insights-map awake data-url="/map/data" base-url="/map/base"></insights-map>');
    asked = [];
    await vi.advanceTimersByTimeAsync(61_000);
    expect(background()).toEqual([false, false]);
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
