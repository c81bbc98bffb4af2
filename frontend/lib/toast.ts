// Messages at the edge of the page. What went well leaves by itself; what went wrong stays until it is closed.
import { gettext } from './words';

const STAY = 6000; // milliseconds; an undo offer stays longer
const STAY_UNDO = 12000;

/** One message: closes itself, holds still under the pointer or the focus. */
export class Toast extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    this.addEventListener('click', (event) => {
      if ((event.target as Element).closest('[data-dismiss]')) this.remove();
    });
    if (this.classList.contains('toast-error') || this.classList.contains('toast-warning')) return;
    const stay = this.querySelector('form') ? STAY_UNDO : STAY;
    const start = (): void => {
      this.timer = window.setTimeout(() => this.remove(), stay);
    };
    const hold = (): void => window.clearTimeout(this.timer);
    for (const name of ['pointerenter', 'focusin']) this.addEventListener(name, hold);
    for (const name of ['pointerleave', 'focusout']) this.addEventListener(name, start);
    start();
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
  }
}

/** Show a message made here, e.g. of a lost connection. */
export function toast(root: Document, level: 'info' | 'success' | 'warning' | 'error', text: string): void {
  const place = root.getElementById('toasts');
  if (!place) return;
  for (const old of place.querySelectorAll('.toast-text'))
    if (old.textContent === text) old.closest('ly-toast')?.remove();
  const card = root.createElement('ly-toast');
  card.className = `toast-card toast-${level}`;
  const words = root.createElement('div');
  words.className = 'toast-text';
  words.textContent = text;
  const close = root.createElement('button');
  close.type = 'button';
  close.className = 'btn-close';
  close.setAttribute('aria-label', gettext('关闭'));
  close.setAttribute('data-dismiss', '');
  card.append(words, close);
  place.append(card);
}
