// <units-tree>: the organisation tree with a mouse and a keyboard.
//
// It wraps the server's list and adds two things; without JavaScript every line has its "移动到…" link.
// - Drag a line onto another to move it there, or between two lines to put it before the lower one. Nothing moves by
//   dropping: the browser goes to the preview, which lists what follows and asks.
// - Arrow keys walk through the lines; right opens, left closes or goes to the parent.
// Lines carry: data-id, data-kind, data-depth, data-parent, data-move (address of the preview; only where the actor may
// move it), data-takes (kinds that may stand below it; only where the actor manages it).

/** What a drop means. */
export interface Drop {
  to: string;
  before: string;
}

type Line = Pick<HTMLElement, 'dataset'>;

/** Whether `moved` may be put on `target`, as far as kinds tell. The server decides in the end. */
export function mayDrop(moved: Line, target: Line, below: ReadonlySet<string>): boolean {
  const id = target.dataset.id ?? '';
  if (!id || below.has(id) || id === moved.dataset.parent) return false;
  return (target.dataset.takes ?? '').split(' ').includes(moved.dataset.kind ?? '');
}

/** The ids of a line and everything below it: the lines after it that are deeper. */
export function subtree(lines: readonly Line[], moved: Line): Set<string> {
  const ids = new Set<string>();
  const depth = Number(moved.dataset.depth);
  const start = lines.indexOf(moved);
  for (let index = start; index >= 0 && index < lines.length; index++) {
    if (index > start && Number(lines[index].dataset.depth) <= depth) break;
    ids.add(lines[index].dataset.id ?? '');
  }
  return ids;
}

/** What dropping `moved` on `target` means: near its upper edge before it, else into it; null where neither may be. */
export function meaning(lines: readonly Line[], moved: Line, target: Line, share: number): Drop | null {
  const below = subtree(lines, moved);
  const parent = lines.find((line) => line.dataset.id === target.dataset.parent);
  const sameParent = parent !== undefined && parent.dataset.id === moved.dataset.parent;
  if (share < 0.3 && parent && !below.has(target.dataset.id ?? '')) {
    const takes = (parent.dataset.takes ?? '').split(' ').includes(moved.dataset.kind ?? '');
    if (takes && (sameParent || mayDrop(moved, parent, below))) {
      return { to: parent.dataset.id ?? '', before: target.dataset.id ?? '' };
    }
  }
  return mayDrop(moved, target, below) ? { to: target.dataset.id ?? '', before: '' } : null;
}

/** The preview's address for a drop. */
export function previewAddress(move: string, drop: Drop): string {
  return `${move}?to=${drop.to}${drop.before ? `&before=${drop.before}` : ''}`;
}

/** The tree as a custom element. */
export class UnitsTree extends HTMLElement {
  private moved: HTMLElement | null = null;
  private drop: Drop | null = null;

  connectedCallback(): void {
    this.addEventListener('mouseover', this.ready);
    this.addEventListener('dragstart', this.start);
    this.addEventListener('dragover', this.over);
    this.addEventListener('drop', this.dropped);
    this.addEventListener('dragend', this.clear);
    this.addEventListener('keydown', this.key);
  }

  disconnectedCallback(): void {
    this.removeEventListener('mouseover', this.ready);
    this.removeEventListener('dragstart', this.start);
    this.removeEventListener('dragover', this.over);
    this.removeEventListener('drop', this.dropped);
    this.removeEventListener('dragend', this.clear);
    this.removeEventListener('keydown', this.key);
  }

  private lines(): HTMLElement[] {
    return Array.from(this.querySelectorAll<HTMLElement>('.units-line'));
  }

  private line(event: Event): HTMLElement | null {
    return event.target instanceof Element ? event.target.closest<HTMLElement>('.units-line') : null;
  }

  /** Lines become draggable when the mouse first meets them: also those that an htmx swap brought. */
  private ready = (event: Event): void => {
    const line = this.line(event);
    if (line?.dataset.move && !line.draggable) line.draggable = true;
  };

  private start = (event: DragEvent): void => {
    const line = this.line(event);
    if (!line?.dataset.move) return;
    this.moved = line;
    line.classList.add('is-moved');
    event.dataTransfer?.setData('text/plain', line.dataset.id ?? '');
    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
  };

  private over = (event: DragEvent): void => {
    const target = this.line(event);
    this.unmark();
    this.drop = null;
    if (!this.moved || !target || target === this.moved) return;
    const box = target.getBoundingClientRect();
    this.drop = meaning(this.lines(), this.moved, target, (event.clientY - box.top) / box.height);
    if (!this.drop) return;
    event.preventDefault();
    target.classList.add(this.drop.before ? 'is-before' : 'is-into');
  };

  private dropped = (event: DragEvent): void => {
    event.preventDefault();
    const move = this.moved?.dataset.move;
    if (move && this.drop) window.location.assign(previewAddress(move, this.drop));
    this.clear();
  };

  private clear = (): void => {
    this.moved?.classList.remove('is-moved');
    this.moved = null;
    this.drop = null;
    this.unmark();
  };

  private unmark(): void {
    for (const line of Array.from(this.querySelectorAll('.is-into, .is-before'))) {
      line.classList.remove('is-into', 'is-before');
    }
  }

  private key = (event: KeyboardEvent): void => {
    const line = this.line(event);
    if (!line || event.altKey || event.ctrlKey || event.metaKey) return;
    const lines = this.lines();
    const here = lines.indexOf(line);
    const toggle = line.querySelector<HTMLAnchorElement>('.units-toggle a');
    const isOpen = toggle?.getAttribute('aria-expanded') === 'true';
    let next: HTMLElement | undefined;
    if (event.key === 'ArrowDown') next = lines[here + 1];
    else if (event.key === 'ArrowUp') next = lines[here - 1];
    else if (event.key === 'ArrowRight' && toggle && !isOpen) toggle.click();
    else if (event.key === 'ArrowLeft' && toggle && isOpen) toggle.click();
    else if (event.key === 'ArrowLeft') next = lines.find((one) => one.dataset.id === line.dataset.parent);
    else return;
    event.preventDefault();
    next?.querySelector<HTMLElement>('a')?.focus();
  };
}

if (!customElements.get('units-tree')) customElements.define('units-tree', UnitsTree);
