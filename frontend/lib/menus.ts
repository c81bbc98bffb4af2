// Menus are <details class="menu">: they open without script; here they close on Escape, outside clicks and each other.

const OPEN = 'details.menu[open]';

/** Close every open menu but `except`. */
export function closeMenus(root: ParentNode, except: Element | null = null): void {
  for (const menu of root.querySelectorAll<HTMLDetailsElement>(OPEN)) if (menu !== except) menu.open = false;
}

/** The main menu is longer than a low screen: bring the entry of this page into sight, without moving the page. */
export function showCurrent(root: ParentNode): void {
  const menu = root.querySelector<HTMLElement>('.sidebar');
  const link = menu?.querySelector<HTMLElement>('.sidebar-link[aria-current]');
  if (!menu || !link) return;
  if (link.offsetTop + link.offsetHeight > menu.clientHeight) {
    menu.scrollTop = link.offsetTop - (menu.clientHeight - link.offsetHeight) / 2;
  }
}

export function startMenus(root: Document): void {
  showCurrent(root);
  root.addEventListener('click', (event) => {
    const inside = (event.target as Element).closest('details.menu');
    closeMenus(root, inside);
  });
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = root.querySelector<HTMLDetailsElement>(OPEN);
    if (!open) return;
    open.open = false;
    open.querySelector<HTMLElement>('summary')?.focus();
    event.stopPropagation();
  });
  root.addEventListener('click', (event) => {
    const back = (event.target as Element).closest('[data-back]');
    if (back) history.back();
  });
}
