// A person's chip (a[data-card]) opens a small card instead of leaving the page. Without script, or with Ctrl, it is a link.
import htmx from 'htmx.org';

const MARGIN = 8;

/** Where a card of `size` goes beside `anchor` so that it stays inside the window. */
export function placeCard(
  anchor: { left: number; top: number; bottom: number },
  size: { width: number; height: number },
  room: { width: number; height: number },
): { left: number; top: number } {
  const left = Math.max(MARGIN, Math.min(anchor.left, room.width - size.width - MARGIN));
  const below = anchor.bottom + MARGIN;
  const fits = below + size.height + MARGIN <= room.height;
  return { left, top: fits ? below : Math.max(MARGIN, anchor.top - size.height - MARGIN) };
}

let shown: HTMLElement | null = null;
let opener: HTMLElement | null = null;

function close(focus: boolean): void {
  shown?.remove();
  shown = null;
  if (focus) opener?.focus();
  opener = null;
}

export function startCards(root: Document): void {
  root.addEventListener('click', (event) => {
    const target = event.target as Element;
    const link = target.closest<HTMLAnchorElement>('a[data-card]');
    if (!link) {
      if (shown && !shown.contains(target)) close(false);
      return;
    }
    if (link.closest('.search-found')) return; // somebody who searches wants the file, not a glance
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void open(root, link);
  });
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && shown) close(true);
  });
}

async function open(root: Document, link: HTMLAnchorElement): Promise<void> {
  close(false);
  opener = link;
  let html = '';
  try {
    const answer = await fetch(link.dataset.card ?? '', {
      headers: { 'HX-Request': 'true' },
      credentials: 'same-origin',
    });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    html = await answer.text();
  } catch {
    location.href = link.href;
    return;
  }
  if (opener !== link) return; // another chip was clicked meanwhile
  const card = root.createElement('div');
  card.className = 'pop';
  card.setAttribute('role', 'dialog');
  card.setAttribute('aria-label', (link.querySelector('.chip-name') ?? link).textContent?.trim() ?? '');
  card.tabIndex = -1;
  card.innerHTML = html;
  root.body.append(card);
  const box = link.getBoundingClientRect();
  const { left, top } = placeCard(
    box,
    { width: card.offsetWidth, height: card.offsetHeight },
    { width: root.documentElement.clientWidth, height: window.innerHeight },
  );
  card.style.left = `${left + window.scrollX}px`;
  card.style.top = `${top + window.scrollY}px`;
  shown = card;
  htmx.process(card);
  card.focus({ preventScroll: true });
}
