// <insights-map>: the 党员地图. Data in by attributes, a normal form as filters, names by an HTML fragment.
//
// Attributes: data-url, people-url, base-url, socket-url; mode = home | full | wall; filters = selector of the form;
// awake = what the page asks by itself counts as use, so that the session does not idle out (a setting of the wall's).
// The text inside the element is what shows without JavaScript; it is kept for readers of the page, out of sight.
import { select } from 'd3-selection';
import { type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom';
import { type LineState, LiveLine } from '../../lib/live';
import { fill, gettext } from '../../lib/words';
import { type Base, drawBase, readBase } from './base';
import { cellAt, drawGlow, drawLabels } from './labels';
import { project, recentred, type View, visibleBox, zoomStep } from './projection';
import { type Cell, type Placed, Sparks } from './sparks';

interface Answer {
  as_of: string;
  live: boolean;
  total: number;
  away: number;
  names: boolean;
  cells: Cell[];
}

const LEISURE = 2.2; // a frame may cost at most 1 / LEISURE of the time, so that a weak handheld stays answerable
const EVERY = 60_000; // milliseconds between looks that nobody asked for: a hint may have been lost
const READ = 8000; // milliseconds to read that the log-in has ended, before the wall turns to the log-in
const HOME = { width: 0.96, top: 0.02 }; // the share of the canvas that the country fills at first

/** The living map as a custom element. */
export class InsightsMap extends HTMLElement {
  private ground!: HTMLCanvasElement;
  private fire!: HTMLCanvasElement;
  private text!: HTMLCanvasElement;
  private status!: HTMLElement;
  private panel!: HTMLElement;
  private sparks!: Sparks;
  private base: Base | null = null;
  private placed: Placed[] = [];
  private view: ZoomTransform = zoomIdentity;
  private line: LiveLine | null = null;
  private resize: ResizeObserver | null = null;
  private request: AbortController | null = null;
  private zoomer = zoom<HTMLCanvasElement, unknown>();
  private hovered = '';
  private asked = '';
  private frame = 0;
  private last = 0;
  private cost = 0;
  private readonly calm = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-reduced-motion: reduce)');
  private soon = 0;
  private timer = 0;
  private byItself = true; // the pending question comes from a hint or the clock, not from the user
  private whole = true; // the whole country is shown: nobody has looked closer yet
  private size = { width: 0, height: 0 };
  private link: Exclude<LineState, 'ended'> = 'live'; // what the line says; a page without a line asks by the clock
  private missed = false; // the last question got no answer
  private past = ''; // the past day that is shown
  private over = false; // the log-in has ended: nothing more is asked
  private readonly filterChanged = (): void => this.look(true);

  connectedCallback(): void {
    if (this.ground) return;
    this.build();
    this.zoomer.scaleExtent([300, 120000]).on('zoom', (event: { transform: ZoomTransform; sourceEvent: unknown }) => {
      if (event.sourceEvent) this.whole = false;
      this.moved(event.transform);
    });
    select(this.text).call(this.zoomer).on('dblclick.zoom', null);
    this.text.addEventListener('pointermove', (event) => this.hover(event));
    this.text.addEventListener('click', (event) => this.open(event));
    this.form?.addEventListener('change', this.filterChanged);
    this.form?.addEventListener('input', this.filterChanged);
    this.resize = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => this.fit());
    this.resize?.observe(this);
    this.fit();
    void this.loadBase();
    this.look(true);
    this.line = new LiveLine(
      this.getAttribute('socket-url') ?? '',
      () => this.look(true, true),
      (state) => {
        if (state === 'ended') {
          this.end();
          return;
        }
        this.link = state;
        this.tell();
      },
    );
    this.timer = window.setInterval(() => {
      if (!document.hidden) this.look(true, true);
    }, EVERY);
    if (this.hasAttribute('socket-url')) this.line.open();
    this.frame = requestAnimationFrame((time) => this.tick(time));
  }

  disconnectedCallback(): void {
    cancelAnimationFrame(this.frame);
    this.stop();
    this.resize?.disconnect();
    this.form?.removeEventListener('change', this.filterChanged);
    this.form?.removeEventListener('input', this.filterChanged);
  }

  /** Ask nothing more. */
  private stop(): void {
    window.clearTimeout(this.soon);
    window.clearInterval(this.timer);
    this.line?.close();
    this.request?.abort();
  }

  /** The filter form, if the page has one. */
  private get form(): HTMLFormElement | null {
    const selector = this.getAttribute('filters');
    return selector ? document.querySelector<HTMLFormElement>(selector) : null;
  }

  private get ratio(): number {
    return Math.min(2, window.devicePixelRatio || 1);
  }

  private build(): void {
    const fallback = document.createElement('div');
    fallback.className = 'visually-hidden';
    fallback.append(...Array.from(this.childNodes));
    const stage = document.createElement('div');
    stage.className = 'map-stage';
    [this.ground, this.fire, this.text] = ['ground', 'fire', 'text'].map((name) => {
      const canvas = document.createElement('canvas');
      canvas.className = `map-${name}`;
      stage.append(canvas);
      return canvas;
    });
    this.text.setAttribute('role', 'img');
    this.text.setAttribute('aria-label', gettext('党员地图'));
    const buttons = document.createElement('div');
    buttons.className = 'map-buttons';
    for (const [label, words, act] of [
      ['+', gettext('放大'), () => this.step(1.8)],
      ['−', gettext('缩小'), () => this.step(1 / 1.8)],
      ['◎', gettext('全部'), () => this.showAll()],
    ] as const) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'map-button';
      button.textContent = label;
      button.title = words;
      button.setAttribute('aria-label', words);
      button.addEventListener('click', act);
      buttons.append(button);
    }
    this.status = document.createElement('div');
    this.status.className = 'map-status';
    this.status.setAttribute('role', 'status');
    this.panel = document.createElement('aside');
    this.panel.className = 'map-panel';
    this.panel.hidden = true;
    this.append(fallback, stage, buttons, this.status, this.panel);
    this.sparks = new Sparks(this.fire, this.getAttribute('mode') === 'wall' ? 1.5 : 1);
  }

  private async loadBase(): Promise<void> {
    try {
      const answer = await fetch(this.getAttribute('base-url') ?? '', { credentials: 'same-origin' });
      if (!answer.ok) throw new Error(String(answer.status));
      this.base = readBase(await answer.json());
      this.fit();
    } catch {
      this.status.dataset.base = gettext('底图没有载入；位置仍然准确。');
    }
    this.drawGround();
  }

  /** Match the canvases to the element. The whole country stays whole; a closer look keeps its middle and its scale. */
  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this;
    if (width === 0 || height === 0) return;
    for (const canvas of [this.ground, this.fire, this.text]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    const before = this.size;
    this.size = { width, height };
    if (this.whole) this.showAll();
    else this.show(recentred(this.view, before, this.size));
  }

  /** The whole country. */
  private showAll(): void {
    const { clientWidth: width, clientHeight: height } = this;
    const [[left, top], [right, bottom]] = this.base?.extent ?? [project(73, 54), project(135, 18)];
    const k = Math.min((width * HOME.width) / (right - left), (height * HOME.width) / (bottom - top));
    const x = width / 2 - ((left + right) / 2) * k;
    const y = height / 2 - ((top + bottom) / 2) * k;
    this.zoomer.scaleExtent([k * 0.7, 120000]);
    this.whole = true;
    this.show({ k, x, y });
  }

  private show({ k, x, y }: View): void {
    select(this.text).call(this.zoomer.transform, zoomIdentity.translate(x, y).scale(k));
  }

  private step(factor: number): void {
    this.whole = false;
    select(this.text).call(this.zoomer.scaleBy, factor);
  }

  private moved(view: ZoomTransform): void {
    this.view = view;
    this.drawGround();
    this.seat();
    this.look(false);
  }

  private drawGround(): void {
    const context = this.ground.getContext('2d');
    if (context) drawBase(context, this.base, this.view, this.clientWidth, this.clientHeight, this.ratio);
  }

  private seat(): void {
    this.sparks.layout(this.placed, this.view, this.ratio);
    const context = this.text.getContext('2d');
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.text.width, this.text.height);
    drawGlow(context, this.placed, this.view, this.ratio);
    drawLabels(context, this.placed, this.view, this.ratio, this.hovered);
  }

  private tick(time: number): void {
    this.frame = requestAnimationFrame((next) => this.tick(next));
    if (time - this.last < this.cost * LEISURE) return;
    this.last = time;
    const begun = performance.now();
    this.sparks.paint(time, this.calm?.matches ?? false);
    this.cost += (performance.now() - begun - this.cost) / 8;
  }

  /** The address of the present question. */
  private question(): URLSearchParams {
    const form = this.form;
    const params = new URLSearchParams();
    if (form)
      new FormData(form).forEach((value, key) => {
        if (typeof value === 'string' && value && !key.startsWith('csrf')) params.set(key, value);
      });
    const z = zoomStep(this.view.k);
    params.set('z', String(z));
    if (z >= 6) {
      const box = visibleBox(this.view, this.clientWidth, this.clientHeight);
      params.set('box', box.map((degrees) => (Math.round(degrees * 4) / 4).toFixed(2)).join(','));
    }
    return params;
  }

  /** Ask the server, at once where `force`, otherwise only when the question changed; many calls make one request.
   * What the page asks `byItself` keeps nobody logged in: the server is told so. */
  private look(force: boolean, byItself = false): void {
    if (this.over) return;
    const question = this.question().toString();
    if (!force && question === this.asked) return;
    window.clearTimeout(this.soon);
    this.byItself = this.byItself && byItself;
    this.soon = window.setTimeout(() => void this.ask(), force ? 40 : 180);
  }

  private async ask(): Promise<void> {
    this.request?.abort();
    this.request = new AbortController();
    this.asked = this.question().toString();
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (this.byItself && !this.hasAttribute('awake')) headers['X-Background'] = '1';
    this.byItself = true;
    try {
      const answer = await fetch(`${this.getAttribute('data-url')}?${this.asked}`, {
        credentials: 'same-origin',
        headers,
        signal: this.request.signal,
      });
      if (answer.status === 401) {
        this.end();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      this.take(await answer.json());
      this.missed = false;
    } catch (error) {
      if ((error as Error).name === 'AbortError') return; // a newer question took its place
      this.missed = true;
    }
    this.tell();
  }

  /** Show an answer. */
  private take(answer: Answer): void {
    this.placed = answer.cells.map((cell) => {
      const [x, y] = project(cell[0], cell[1]);
      return { cell, x, y };
    });
    this.dataset.total = String(answer.total);
    this.dataset.asOf = answer.as_of;
    const told = { total: answer.total, away: answer.away };
    this.text.setAttribute('aria-label', fill(gettext('党员地图：共 %(total)s 人，其中在外 %(away)s 人'), told));
    this.tellNumbers(answer);
    this.past = answer.live ? '' : answer.as_of.slice(0, 10);
    this.seat();
    this.dispatchEvent(new CustomEvent('insights-map:answer', { bubbles: true, detail: answer }));
  }

  /** The page's own numbers and their time follow the map. */
  private tellNumbers(answer: Answer): void {
    const told: Record<string, string> = {
      total: answer.total.toLocaleString('zh-CN'),
      away: answer.away.toLocaleString('zh-CN'),
    };
    if (answer.live) told['as-of'] = fill(gettext('截至 %(t)s'), { t: answer.as_of.slice(0, 16).replace('T', ' ') });
    for (const shown of document.querySelectorAll<HTMLElement>('[data-map]'))
      shown.textContent = told[shown.dataset.map ?? ''] ?? shown.textContent;
  }

  /** How true the map is: whether the last question was answered, for which day, and whether hints come. Each is kept
   * by itself, so that one that is well again does not hide another that is not. */
  private condition(): [Exclude<LineState, 'ended'>, string] {
    if (this.missed) return ['cut', gettext('没有取到最新位置，显示的是上一次的。')];
    if (this.past) return ['off', fill(gettext('%(day)s 的位置'), { day: this.past })];
    const words = { live: gettext('实时'), cut: gettext('连接中断，正在重连'), off: gettext('不是实时') };
    return [this.link, words[this.link]];
  }

  /** The log-in has ended: who is there now may not see where people are. The page says so and leads to the log-in,
   * which leads back; the wall goes there by itself, for nobody stands before it. */
  private end(): void {
    if (this.over) return;
    this.over = true;
    this.stop();
    this.placed = [];
    this.seat();
    this.panel.hidden = true;
    const again = document.createElement('a');
    again.href = window.location.pathname + window.location.search; // this page, loaded anew, is the log-in
    again.textContent = gettext('重新登录');
    this.status.dataset.state = 'ended';
    this.status.replaceChildren(gettext('登录已结束，地图不再更新。'), again);
    if (this.getAttribute('mode') === 'wall') this.soon = window.setTimeout(() => again.click(), READ);
  }

  private tell(): void {
    if (this.over) return;
    const [state, words] = this.condition();
    this.status.dataset.state = state;
    this.status.textContent = this.status.dataset.base ? `${words} · ${this.status.dataset.base}` : words;
  }

  private under(event: MouseEvent): Placed | null {
    const box = this.text.getBoundingClientRect();
    return cellAt(this.placed, this.view, event.clientX - box.left, event.clientY - box.top);
  }

  private hover(event: PointerEvent): void {
    const key = this.under(event)?.cell[11] ?? '';
    if (key === this.hovered) return;
    this.hovered = key;
    this.text.classList.toggle('map-hot', key !== '');
    this.seat();
  }

  /** A crowd opens to its names. */
  private async open(event: MouseEvent): Promise<void> {
    const found = this.under(event);
    if (!found || !this.hasAttribute('people-url')) {
      this.panel.hidden = true;
      return;
    }
    const params = this.question();
    params.set('key', found.cell[11]);
    const answer = await fetch(`${this.getAttribute('people-url')}?${params}`, {
      credentials: 'same-origin',
      headers: { 'HX-Request': 'true' },
    });
    if (answer.status === 401) {
      this.end();
      return;
    }
    this.panel.innerHTML = await answer.text();
    this.panel.hidden = false;
    window.htmx?.process(this.panel);
    this.panel.querySelector<HTMLElement>('[data-close]')?.addEventListener('click', () => {
      this.panel.hidden = true;
      this.text.focus();
    });
    this.panel.querySelector<HTMLElement>('h2, h3, a, button')?.focus();
  }
}

declare global {
  interface Window {
    htmx?: { process(element: Element): void };
  }
}

if (!customElements.get('insights-map')) customElements.define('insights-map', InsightsMap);
