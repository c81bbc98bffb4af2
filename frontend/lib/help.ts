// <ly-help>: "?" lists the keys of this page.
import { goLinks } from './keys';
import { fill, gettext } from './words';

export class Help extends HTMLElement {
  private readonly show = (): void => this.open();

  connectedCallback(): void {
    document.addEventListener('ly:help', this.show);
  }

  disconnectedCallback(): void {
    document.removeEventListener('ly:help', this.show);
  }

  private open(): void {
    this.textContent = '';
    const dialog = document.createElement('dialog');
    dialog.className = 'dialog';
    dialog.setAttribute('aria-labelledby', 'help-title');
    const title = document.createElement('h2');
    title.id = 'help-title';
    title.className = 'dialog-title';
    title.textContent = gettext('键盘');
    const list = document.createElement('dl');
    list.className = 'keys';
    const rows: [string[], string][] = [[['/'], gettext('查人')]];
    for (const [letter, link] of goLinks(document))
      rows.push([['g', letter], fill(gettext('去 %(page)s'), { page: link.textContent?.trim() ?? '' })]);
    rows.push([['?'], gettext('本帮助')], [['Esc'], gettext('关闭')]);
    for (const [keys, words] of rows) {
      const term = document.createElement('dt');
      for (const key of keys) {
        const cap = document.createElement('kbd');
        cap.textContent = key;
        term.append(cap);
      }
      const meaning = document.createElement('dd');
      meaning.textContent = words;
      list.append(term, meaning);
    }
    const form = document.createElement('form');
    form.method = 'dialog';
    const close = document.createElement('button');
    close.className = 'btn';
    close.textContent = gettext('知道了');
    form.append(close);
    dialog.append(title, list, form);
    dialog.addEventListener('close', () => {
      this.textContent = '';
    });
    this.append(dialog);
    dialog.showModal?.();
  }
}
