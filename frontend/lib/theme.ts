// The theme switch without a round trip; without script the same form posts to the server.
const YEAR = 365 * 24 * 3600;

export function startTheme(root: Document): void {
  root.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-theme-form] button[name=theme]');
    if (!button) return;
    event.preventDefault();
    const secure = location.protocol === 'https:' ? '; secure' : '';
    root.cookie = `theme=${button.value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
    root.documentElement.setAttribute('data-bs-theme', button.value);
    for (const other of root.querySelectorAll('[data-theme-form] button[name=theme]'))
      other.setAttribute('aria-pressed', String((other as HTMLButtonElement).value === button.value));
    root.dispatchEvent(new CustomEvent('ly:theme', { detail: button.value }));
  });
}
