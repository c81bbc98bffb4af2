// Destructive steps ask first. Two ways, both with a page behind them for browsers without script:
//  a[data-dialog]            opens the confirm page of its href in a dialog;
//  form/button[data-confirm] asks the sentence before it submits.
import htmx from 'htmx.org';
import { gettext } from './words';

export function startConfirm(root: Document): void {
  root.addEventListener('click', (event) => {
    const target = event.target as Element;
    const link = target.closest<HTMLAnchorElement>('a[data-dialog]');
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      void load(root, link);
      return;
    }
    const shut = target.closest('dialog [data-close]');
    if (shut) {
      event.preventDefault();
      shut.closest('dialog')?.close();
    }
  });
  root.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
      const words = button?.dataset.confirm ?? form.dataset.confirm;
      if (!words || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(root, words, button?.textContent?.trim() || gettext('确认'), () => {
        form.dataset.confirmed = 'yes';
        if (button) button.click();
        else form.submit();
        delete form.dataset.confirmed;
      });
    },
    true,
  );
}

function dialogWith(root: Document): HTMLDialogElement {
  const dialog = root.createElement('dialog');
  dialog.className = 'dialog';
  dialog.addEventListener('close', () => dialog.remove());
  root.body.append(dialog);
  return dialog;
}

/** Ask `words`; `yes` runs only on the confirming button. */
export function ask(root: Document, words: string, label: string, yes: () => void): HTMLDialogElement {
  const dialog = dialogWith(root);
  const text = root.createElement('p');
  text.className = 'dialog-text';
  text.id = 'ask-text';
  text.textContent = words;
  dialog.setAttribute('aria-labelledby', 'ask-text');
  const row = root.createElement('div');
  row.className = 'form-actions';
  const confirm = root.createElement('button');
  confirm.type = 'button';
  confirm.className = 'btn btn-danger';
  confirm.textContent = label;
  confirm.addEventListener('click', () => {
    dialog.close();
    yes();
  });
  const cancel = root.createElement('button');
  cancel.type = 'button';
  cancel.className = 'btn btn-ghost';
  cancel.textContent = gettext('取消');
  cancel.addEventListener('click', () => dialog.close());
  row.append(confirm, cancel);
  dialog.append(text, row);
  dialog.showModal?.();
  cancel.focus();
  return dialog;
}

async function load(root: Document, link: HTMLAnchorElement): Promise<void> {
  try {
    const answer = await fetch(link.href, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const form = page.querySelector<HTMLFormElement>('form.confirm');
    if (!answer.ok || !form) throw new Error('no form');
    if (!form.getAttribute('action')) form.action = link.href;
    const dialog = dialogWith(root);
    dialog.append(root.importNode(form, true));
    dialog.showModal();
    htmx.process(dialog);
  } catch {
    location.href = link.href;
  }
}
