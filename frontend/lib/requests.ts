// What every htmx request needs: the CSRF header; and what its failure says to the user.
import { toast } from './toast';
import { gettext } from './words';

/** The value of a cookie, or "". */
export function cookie(name: string, jar: string = document.cookie): string {
  const found = jar.split('; ').find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

/** The sentence of an error page, or a general one. */
export function sentence(html: string, status: number): string {
  const said = new DOMParser()
    .parseFromString(html, 'text/html')
    .querySelector('[data-error-text]')
    ?.textContent?.trim();
  if (said) return said;
  return status >= 500
    ? gettext('平台出错了，没有保存任何改动。请稍后再试。')
    : gettext('这一步没有完成，请刷新页面后再试。');
}

interface HtmxDetail {
  headers?: Record<string, string>;
  verb?: string;
  xhr?: XMLHttpRequest;
  shouldSwap?: boolean;
  isError?: boolean;
}

export function startRequests(root: Document): void {
  root.addEventListener('htmx:configRequest', (event) => {
    const detail = (event as CustomEvent<HtmxDetail>).detail;
    if (detail.headers && detail.verb !== 'get') detail.headers['X-CSRFToken'] = cookie('csrftoken');
  });
  root.addEventListener('htmx:beforeSwap', (event) => {
    const detail = (event as CustomEvent<HtmxDetail>).detail;
    // A form that came back with errors takes the place of the form.
    if (detail.xhr?.status === 422 && detail.xhr.getResponseHeader('HX-Fragment')) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
  });
  root.addEventListener('htmx:responseError', (event) => {
    const xhr = (event as CustomEvent<HtmxDetail>).detail.xhr;
    if (xhr) toast(root, 'error', sentence(xhr.responseText, xhr.status));
  });
  root.addEventListener('htmx:sendError', () => toast(root, 'warning', gettext('连不上服务器，请检查网络后再试。')));
  root.addEventListener('htmx:timeout', () =>
    toast(root, 'warning', gettext('网络太慢，这一步没有完成，请再试一次。')),
  );
  root.addEventListener('ly:toast', (event) => {
    const detail = (event as CustomEvent<{ level?: 'info' | 'success' | 'warning' | 'error'; text?: string }>).detail;
    if (detail?.text) toast(root, detail.level ?? 'info', detail.text);
  });
  // After an htmx answer with errors the summary takes the focus, so that it is read and the keyboard starts there.
  root.addEventListener('htmx:afterSettle', () => root.querySelector<HTMLElement>('[data-focus]')?.focus());
  root.querySelector<HTMLElement>('[data-focus]')?.focus();
}
