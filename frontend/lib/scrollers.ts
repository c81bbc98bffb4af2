// A table wider than its place scrolls; then the keyboard must reach it.

/** Give every overflowing table place a tab stop, and take it away where it fits again. */
export function markScrollers(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>('.table-scroll, .table-responsive')) {
    if (place.scrollWidth > place.clientWidth) place.tabIndex = 0;
    else if (place.getAttribute('role') !== 'region') place.removeAttribute('tabindex');
  }
}

export function startScrollers(root: Document): void {
  const mark = (): void => markScrollers(root);
  root.addEventListener('htmx:afterSettle', mark);
  window.addEventListener('resize', mark);
  mark();
}
