// Keyboard: "/" searches, "g" then a letter goes, "?" shows help, arrows walk through found people.

const WAIT = 1200; // milliseconds between "g" and its letter

/** Whether what has the focus takes letters for itself. */
export function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.tagName) return false;
  return /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable === true;
}

/** The links that "g" reaches: letter → link. */
export function goLinks(root: ParentNode): Map<string, HTMLAnchorElement> {
  const found = new Map<string, HTMLAnchorElement>();
  for (const link of root.querySelectorAll<HTMLAnchorElement>('a[data-go]')) found.set(link.dataset.go ?? '', link);
  return found;
}

export function startKeys(root: Document): void {
  let goUntil = 0;
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (walkFound(root, event)) return;
    if (typing(event.target)) return;
    if (goUntil > Date.now()) {
      goUntil = 0;
      const link = goLinks(root).get(event.key);
      if (link) {
        event.preventDefault();
        link.click();
        return;
      }
    }
    if (event.key === '/') {
      const box =
        root.querySelector<HTMLInputElement>('[data-search]') ?? root.querySelector<HTMLInputElement>('#list-q');
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    } else if (event.key === 'g') {
      goUntil = Date.now() + WAIT;
    } else if (event.key === '?') {
      event.preventDefault();
      root.dispatchEvent(new CustomEvent('ly:help'));
    }
  });
}

/** Arrow keys in the search box and its results; Escape empties them. */
function walkFound(root: Document, event: KeyboardEvent): boolean {
  const search = (event.target as Element).closest?.('form.search');
  if (!search) return false;
  const found = search.querySelector('.search-found');
  const box = search.querySelector<HTMLInputElement>('[data-search]');
  if (!found || !box) return false;
  if (event.key === 'Escape') {
    found.textContent = '';
    box.value = '';
    box.blur();
    return true;
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return false;
  const stops: HTMLElement[] = [box, ...found.querySelectorAll<HTMLElement>('a[href]')];
  const at = stops.indexOf(root.activeElement as HTMLElement);
  const next = stops[(at + (event.key === 'ArrowDown' ? 1 : stops.length - 1)) % stops.length];
  event.preventDefault();
  next.focus();
  return true;
}
