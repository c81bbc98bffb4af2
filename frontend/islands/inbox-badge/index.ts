// <inbox-badge>: keeps the number on the bell true. Without JavaScript it is the number of when the page was made.
//
// Attribute: socket = the websocket's address; it says {"type": "unread", "count": n} at once and at every change.
import { LiveLine } from '../../lib/live';

const WAIT = 1500; // milliseconds: a page that is left at once never opens a line
const MOST = 99;

/** The number of a message from the socket; null for anything else. */
export function countOf(message: string | null): number | null {
  try {
    const said = JSON.parse(message ?? 'null') as { type?: string; count?: unknown } | null;
    const count = said?.type === 'unread' ? Number(said.count) : Number.NaN;
    return Number.isInteger(count) && count >= 0 ? count : null;
  } catch {
    return null;
  }
}

/** The bell as a custom element. */
export class InboxBadge extends HTMLElement {
  private line: LiveLine | null = null;
  private timer = 0;

  connectedCallback(): void {
    const address = this.getAttribute('socket');
    if (!address) return;
    this.timer = window.setTimeout(() => {
      this.line = new LiveLine(
        address,
        (message) => {
          const count = countOf(message);
          if (count !== null) this.show(count);
        },
        () => {},
      );
      this.line.open();
    }, WAIT);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    this.line?.close();
    this.line = null;
  }

  private show(count: number): void {
    const badge = this.querySelector<HTMLElement>('.bell-count');
    const number = badge?.querySelector('b');
    if (!badge || !number) return;
    const before = Number(badge.dataset.count);
    badge.dataset.count = String(count);
    badge.hidden = count === 0;
    number.textContent = count > MOST ? `${MOST}+` : String(count);
    if (count > before) this.dispatchEvent(new CustomEvent('inbox:more', { bubbles: true, detail: { count } }));
  }
}

if (!customElements.get('inbox-badge')) customElements.define('inbox-badge', InboxBadge);
