import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { show } from '../../lib/testing';
import { countOf } from './index';

class Socket {
  static all: Socket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }

  close(): void {
    this.closed = true;
  }
}

const BELL = `<inbox-badge socket="/ws/inbox/"><a href="/inbox/"><span class="bell-count" data-count="0" hidden><b>0</b></span></a></inbox-badge>`;

describe('countOf', () => {
  it('takes numbers of unread items and nothing else', () => {
    expect(countOf('{"type":"unread","count":3}')).toBe(3);
    expect(countOf('{"type":"unread","count":0}')).toBe(0);
    for (const wrong of [null, '', 'no', '{}', '{"type":"other","count":3}', '{"type":"unread","count":-1}'])
      expect(countOf(wrong)).toBeNull();
  });
});

describe('inbox-badge', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    Socket.all = [];
    vi.stubGlobal('WebSocket', Socket);
    show(BELL);
  });

  afterEach(() => {
    document.body.innerHTML = '';
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const badge = (): HTMLElement => document.querySelector('.bell-count') as HTMLElement;
  const say = (count: number): void => Socket.all[0].onmessage?.({ data: JSON.stringify({ type: 'unread', count }) });

  it('opens its line only on a page that is stayed on', () => {
    vi.advanceTimersByTime(1000);
    expect(Socket.all).toHaveLength(0);
    document.body.innerHTML = '';
    vi.advanceTimersByTime(5000);
    expect(Socket.all).toHaveLength(0);
  });

  it('shows what the line says, hides nothing at zero, and tells the page of more', () => {
    vi.advanceTimersByTime(2000);
    expect(Socket.all).toHaveLength(1);
    const heard = vi.fn();
    document.body.addEventListener('inbox:more', heard);
    say(7);
    expect([badge().hidden, badge().textContent]).toEqual([false, '7']);
    say(120);
    expect(badge().textContent).toBe('99+');
    say(0);
    expect(badge().hidden).toBe(true);
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('comes back after a cut, but not after a refusal', () => {
    vi.advanceTimersByTime(2000);
    Socket.all[0].onclose?.({ code: 1006 });
    vi.advanceTimersByTime(2000);
    expect(Socket.all).toHaveLength(2);
    Socket.all[1].onclose?.({ code: 4401 });
    vi.advanceTimersByTime(60000);
    expect(Socket.all).toHaveLength(2);
  });

  it('hangs up with its element', () => {
    vi.advanceTimersByTime(2000);
    document.body.innerHTML = '';
    expect(Socket.all[0].closed).toBe(true);
  });
});
