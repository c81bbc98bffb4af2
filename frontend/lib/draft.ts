// <ly-draft name user [off] [bound]> inside a form: keeps a draft on this device while one types, offers it again,
// and warns before leaving. Never keeps passwords, files or fields marked secret; the draft goes at submit.
import { fill, gettext } from './words';

const PREFIX = 'draft:';
const KEEP_DAYS = 7;
const DELAY = 400; // milliseconds of rest before a draft is written

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Values = Record<string, string[]>;
interface Kept {
  at: number;
  values: Values;
}

/** Whether a control may be kept in a draft. */
export function mayKeep(control: Control): boolean {
  if (!control.name || control.name === 'csrfmiddlewaretoken' || control.hasAttribute('data-secret')) return false;
  if (/^(one-time-code|current-password|new-password|off-secret)$/.test(control.autocomplete ?? '')) return false;
  return !/^(password|file|hidden|submit|button|image|reset)$/.test(control.type);
}

function controls(form: HTMLFormElement): Control[] {
  return (Array.from(form.elements) as Control[]).filter((one) => 'value' in one && mayKeep(one));
}

/** What the form holds now, without secrets. */
export function read(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const one of controls(form)) {
    const list = values[one.name] ?? [];
    values[one.name] = list;
    if (/^(checkbox|radio)$/.test(one.type)) {
      if ((one as HTMLInputElement).checked) list.push(one.value);
    } else if (one instanceof HTMLSelectElement) {
      list.push(
        ...Array.from(one.options)
          .filter((option) => option.selected)
          .map((option) => option.value),
      );
    } else {
      list.push(one.value);
    }
  }
  return values;
}

/** Put kept values back into the form; controls the draft does not know stay as they are. */
export function write(form: HTMLFormElement, values: Values): void {
  const used: Record<string, number> = {};
  for (const one of controls(form)) {
    const list = values[one.name];
    if (!list) continue;
    if (/^(checkbox|radio)$/.test(one.type)) {
      (one as HTMLInputElement).checked = list.includes(one.value);
    } else if (one instanceof HTMLSelectElement) {
      for (const option of Array.from(one.options)) option.selected = list.includes(option.value);
    } else {
      const at = used[one.name] ?? 0;
      used[one.name] = at + 1;
      if (at < list.length) one.value = list[at];
    }
  }
}

/** Drop drafts nobody came back for; a shared handheld does not collect them. */
export function forgetOldDrafts(store: Storage = localStorage, now: number = Date.now()): void {
  for (const key of Object.keys(store).filter((name) => name.startsWith(PREFIX))) {
    let at = 0;
    try {
      at = (JSON.parse(store.getItem(key) ?? '{}') as Kept).at ?? 0;
    } catch {
      // Not readable: goes too.
    }
    if (now - at > KEEP_DAYS * 86_400_000) store.removeItem(key);
  }
}

export class Draft extends HTMLElement {
  private form: HTMLFormElement | null = null;
  private first = '';
  private timer = 0;
  private sent = false;
  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.sent || !this.form || !this.changed) return;
    event.preventDefault();
    event.returnValue = '';
  };
  private readonly typed = (): void => {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.keep(), DELAY);
  };
  private readonly submitted = (): void => {
    this.sent = true;
    window.clearTimeout(this.timer);
    this.forget();
  };

  connectedCallback(): void {
    this.form = this.closest('form');
    if (!this.form) return;
    this.first = JSON.stringify(read(this.form));
    if (!this.off && !this.hasAttribute('bound')) this.offer();
    this.form.addEventListener('input', this.typed);
    this.form.addEventListener('change', this.typed);
    this.form.addEventListener('submit', this.submitted);
    window.addEventListener('beforeunload', this.leaving);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    window.removeEventListener('beforeunload', this.leaving);
    this.form?.removeEventListener('input', this.typed);
    this.form?.removeEventListener('change', this.typed);
    this.form?.removeEventListener('submit', this.submitted);
  }

  /** Whether the form differs from what the server sent. */
  get changed(): boolean {
    if (!this.form) return false;
    const files = Array.from(this.form.querySelectorAll<HTMLInputElement>('input[type=file]'));
    return JSON.stringify(read(this.form)) !== this.first || files.some((one) => Boolean(one.files?.length));
  }

  private get off(): boolean {
    return this.hasAttribute('off') || !this.getAttribute('user');
  }

  private get key(): string {
    return `${PREFIX}${this.getAttribute('user')}:${this.getAttribute('name')}`;
  }

  private keep(): void {
    if (this.off || !this.form || this.sent) return;
    if (!this.changed) {
      this.forget();
      return;
    }
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), values: read(this.form) }));
    } catch {
      // Full or forbidden storage: the form still works, only without a draft.
    }
  }

  private forget(): void {
    localStorage.removeItem(this.key);
  }

  private offer(): void {
    let kept: Kept | null = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.key) ?? 'null') as Kept | null;
    } catch {
      this.forget();
    }
    if (!kept?.values || !this.form || JSON.stringify(kept.values) === this.first) return;
    const before = read(this.form);
    write(this.form, kept.values);
    const time = new Date(kept.at);
    const two = (value: number): string => String(value).padStart(2, '0');
    const words = document.createElement('span');
    words.textContent = fill(gettext('已恢复您 %(month)s月%(day)s日 %(time)s 没有交的草稿。'), {
      month: time.getMonth() + 1,
      day: time.getDate(),
      time: `${two(time.getHours())}:${two(time.getMinutes())}`,
    });
    const drop = document.createElement('button');
    drop.type = 'button';
    drop.className = 'btn btn-sm';
    drop.textContent = gettext('丢弃草稿');
    drop.addEventListener('click', () => {
      if (this.form) write(this.form, before);
      this.forget();
      this.textContent = '';
      this.className = '';
    });
    this.className = 'draft-note';
    this.setAttribute('role', 'status');
    this.append(words, drop);
  }
}
