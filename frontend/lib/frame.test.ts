import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { placeCard, startCards } from './cards';
import { ask, startConfirm } from './confirm';
import { Help } from './help';
import { startKeys, typing } from './keys';
import { showCurrent, startMenus } from './menus';
import { cookie, sentence, startRequests } from './requests';
import { markScrollers } from './scrollers';
import { show } from './testing';
import { startTheme } from './theme';
import { Toast, toast } from './toast';

vi.mock('htmx.org', () => ({ default: { process: vi.fn() } }));

beforeAll(() => {
  customElements.define('ly-toast', Toast);
  customElements.define('ly-help', Help);
  startMenus(document);
  startKeys(document);
  startTheme(document);
  startRequests(document);
  startCards(document);
  startConfirm(document);
});
beforeEach(() => {
  document.body.textContent = '';
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const one = <T extends Element = HTMLElement>(selector: string): T => document.querySelector<T>(selector)!;
function press(key: string, target: Element = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

describe('menus', () => {
  beforeEach(() => {
    show(
      '<details class="menu" id="a" open><summary>a</summary><p id="in">x</p></details>' +
        '<details class="menu" id="b" open><summary>b</summary></details><p id="out">y</p>',
    );
  });
  it('close each other and on a click outside, not inside', () => {
    one('#in').click();
    expect(one<HTMLDetailsElement>('#a').open).toBe(true);
    expect(one<HTMLDetailsElement>('#b').open).toBe(false);
    one('#out').click();
    expect(one<HTMLDetailsElement>('#a').open).toBe(false);
  });
  it('close on Escape', () => {
    press('Escape');
    expect(one<HTMLDetailsElement>('#a').open).toBe(false);
  });
});

describe('the main menu', () => {
  const place = (top: number): HTMLElement => {
    show('<nav class="sidebar"><a class="sidebar-link" aria-current="page">x</a></nav>');
    Object.defineProperty(one('.sidebar'), 'clientHeight', { value: 900 });
    Object.defineProperty(one('.sidebar-link'), 'offsetTop', { value: top });
    Object.defineProperty(one('.sidebar-link'), 'offsetHeight', { value: 40 });
    showCurrent(document);
    return one('.sidebar');
  };
  it('shows the entry of this page where it lies below the fold', () => {
    expect(place(1200).scrollTop).toBe(770);
  });
  it('stays where it is otherwise, and bears pages without a menu', () => {
    expect(place(300).scrollTop).toBe(0);
    show('<p>x</p>');
    showCurrent(document);
  });
});

describe('keys', () => {
  beforeEach(() => {
    show(
      '<form class="search"><input data-search><div class="search-found"><a href="#1" id="f1">1</a><a href="#2" id="f2">2</a></div></form>' +
        '<a data-go="m" href="#m" id="go">名册</a><textarea></textarea><ly-help></ly-help>',
    );
  });
  it('"/" focuses the search, but types in a field', () => {
    press('/');
    expect(document.activeElement).toBe(one('[data-search]'));
    expect(press('/', one('textarea')).defaultPrevented).toBe(false);
    expect(typing(one('textarea'))).toBe(true);
  });
  it('"g" and a letter goes, "g" alone does not', () => {
    const clicked = vi.fn((event: Event) => event.preventDefault());
    one('#go').addEventListener('click', clicked);
    press('m');
    expect(clicked).not.toHaveBeenCalled();
    press('g');
    press('m');
    expect(clicked).toHaveBeenCalledTimes(1);
    press('g', document.body, { ctrlKey: true });
    press('m');
    expect(clicked).toHaveBeenCalledTimes(1);
  });
  it('"g" waits only a moment', () => {
    vi.useFakeTimers();
    const clicked = vi.fn();
    one('#go').addEventListener('click', clicked);
    press('g');
    vi.advanceTimersByTime(2000);
    press('m');
    expect(clicked).not.toHaveBeenCalled();
  });
  it('arrows walk through what was found, Escape empties it', () => {
    const box = one<HTMLInputElement>('[data-search]');
    box.focus();
    press('ArrowDown', box);
    expect(document.activeElement).toBe(one('#f1'));
    press('ArrowUp', one('#f1'));
    expect(document.activeElement).toBe(box);
    press('ArrowUp', box);
    expect(document.activeElement).toBe(one('#f2'));
    box.value = 'x';
    press('Escape', box);
    expect(box.value).toBe('');
    expect(one('.search-found').textContent).toBe('');
  });
  it('"?" lists the keys of this page', () => {
    press('?');
    expect(one('ly-help dialog').textContent).toContain('去 名册');
    expect(one('ly-help dialog kbd').textContent).toBe('/');
  });
});

describe('toasts', () => {
  it('leave by themselves when all went well, stay when not', () => {
    vi.useFakeTimers();
    show(
      '<div id="toasts"><ly-toast class="toast-success" id="s"></ly-toast>' +
        '<ly-toast class="toast-error" id="e"><button data-dismiss>x</button></ly-toast></div>',
    );
    vi.advanceTimersByTime(7000);
    expect(one('#s')).toBeNull();
    one('#e button').click();
    expect(one('#e')).toBeNull();
  });
  it('hold still under the pointer; an undo stays longer', () => {
    vi.useFakeTimers();
    show('<ly-toast class="toast-success" id="u"><form></form></ly-toast>');
    vi.advanceTimersByTime(7000);
    expect(one('#u')).not.toBeNull();
    one('#u').dispatchEvent(new Event('pointerenter'));
    vi.advanceTimersByTime(60000);
    expect(one('#u')).not.toBeNull();
    one('#u').dispatchEvent(new Event('pointerleave'));
    vi.advanceTimersByTime(13000);
    expect(one('#u')).toBeNull();
  });
  it('say the same thing once, as text', () => {
    show('<div id="toasts"></div>');
    toast(document, 'error', '<b>坏</b>');
    toast(document, 'error', '<b>坏</b>');
    expect(document.querySelectorAll('ly-toast')).toHaveLength(1);
    expect(one('#toasts b')).toBeNull();
  });
});

describe('requests', () => {
  it('carry the CSRF header unless they only read', () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the jar that is read
    document.cookie = 'csrftoken=abc';
    for (const [verb, expected] of [
      ['post', 'abc'],
      ['get', undefined],
    ]) {
      const headers: Record<string, string> = {};
      document.body.dispatchEvent(new CustomEvent('htmx:configRequest', { bubbles: true, detail: { headers, verb } }));
      expect(headers['X-CSRFToken']).toBe(expected);
    }
    expect(cookie('token', 'a=1; csrftoken=x')).toBe('');
  });
  it('say what the error page says', () => {
    expect(sentence('<p data-error-text> 已由别人办结。 </p>', 409)).toBe('已由别人办结。');
    expect(sentence('', 500)).toContain('没有保存');
    show('<div id="toasts"></div>');
    document.body.dispatchEvent(
      new CustomEvent('htmx:responseError', {
        bubbles: true,
        detail: { xhr: { responseText: '<p data-error-text>不行</p>', status: 403 } },
      }),
    );
    expect(one('#toasts').textContent).toContain('不行');
    document.body.dispatchEvent(new CustomEvent('htmx:sendError', { bubbles: true }));
    expect(one('#toasts').textContent).toContain('连不上');
  });
  it('put a form that came back with errors in the place of the form', () => {
    const detail = { xhr: { status: 422, getResponseHeader: () => 'form' }, shouldSwap: false, isError: true };
    document.body.dispatchEvent(new CustomEvent('htmx:beforeSwap', { bubbles: true, detail }));
    expect([detail.shouldSwap, detail.isError]).toEqual([true, false]);
  });
});

describe('the theme', () => {
  it('changes at once and is kept in a cookie', () => {
    show(
      '<form data-theme-form><button name="theme" value="dark"></button><button name="theme" value="light" aria-pressed="true"></button></form>',
    );
    one<HTMLButtonElement>('[value=dark]').click();
    expect(document.documentElement.getAttribute('data-bs-theme')).toBe('dark');
    expect(document.cookie).toContain('theme=dark');
    expect(one('[value=light]').getAttribute('aria-pressed')).toBe('false');
  });
});

describe('cards', () => {
  it('stay inside the window', () => {
    const room = { width: 400, height: 600 };
    const size = { width: 320, height: 200 };
    expect(placeCard({ left: 300, top: 100, bottom: 130 }, size, room)).toEqual({ left: 72, top: 138 });
    expect(placeCard({ left: 10, top: 500, bottom: 530 }, size, room)).toEqual({ left: 10, top: 292 });
    expect(placeCard({ left: -5, top: 100, bottom: 590 }, size, room)).toEqual({ left: 8, top: 8 });
  });
  it('open, close on Escape, and give the focus back', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => ({ ok: true, redirected: false, text: async () => '<p>林知远</p>' })),
    );
    show('<a href="/m/1/" data-card="/m/1/card/"><span class="chip-name">林知远</span></a>');
    one('a').click();
    await settle();
    expect(one('.pop').textContent).toBe('林知远');
    expect(one('.pop').getAttribute('aria-label')).toBe('林知远');
    press('Escape');
    expect(one('.pop')).toBeNull();
    expect(document.activeElement).toBe(one('a'));
  });
  it('let Ctrl and the middle button open the file itself', () => {
    const call = vi.fn();
    vi.stubGlobal('fetch', call);
    show('<a href="#x" data-card="/m/1/card/">x</a>');
    one('a').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: true }));
    expect(call).not.toHaveBeenCalled();
  });
});

describe('confirmations', () => {
  it('run only on the confirming button', () => {
    const yes = vi.fn();
    ask(document, '撤销三营临时党支部？', '撤销支部', yes);
    one<HTMLButtonElement>('dialog .btn-ghost').click();
    expect(yes).not.toHaveBeenCalled();
    ask(document, '再问', '撤销支部', yes);
    document.querySelectorAll<HTMLButtonElement>('dialog .btn-danger')[0].click();
    expect(yes).toHaveBeenCalledTimes(1);
  });
  it('stop a form until it is confirmed', () => {
    show('<form data-confirm="删掉吗？"><button type="submit">删</button></form>');
    const sent = vi.fn((event: Event) => event.preventDefault());
    one('form').addEventListener('submit', sent);
    one('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    expect(sent).not.toHaveBeenCalled();
    expect(one('dialog').textContent).toContain('删掉吗？');
  });
});

describe('wide tables', () => {
  it('take the focus only while they scroll', () => {
    show('<div class="table-scroll" id="t"></div>');
    const place = one('#t');
    Object.defineProperty(place, 'scrollWidth', { value: 900, configurable: true });
    markScrollers(document);
    expect(place.tabIndex).toBe(0);
    Object.defineProperty(place, 'scrollWidth', { value: 0, configurable: true });
    markScrollers(document);
    expect(place.hasAttribute('tabindex')).toBe(false);
  });
});
