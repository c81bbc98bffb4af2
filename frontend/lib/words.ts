// Words that scripts say. The sources are Chinese and marked gettext("…"): makemessages -d djangojs -e ts collects them.
// In another language the page carries its catalogue as <script type="application/json" id="words">; else there is none.

let catalogue: Record<string, string> | null = null;

function words(root: Document): Record<string, string> {
  if (!catalogue) catalogue = JSON.parse(root.getElementById('words')?.textContent || '{}') as Record<string, string>;
  return catalogue;
}

/** The sentence in the page's language. */
export function gettext(text: string): string {
  return words(document)[text] ?? text;
}

/** The sentence with its %(name)s places filled: `fill(gettext('共 %(n)s 人'), { n: 3 })`. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/%\((\w+)\)s/g, (place, name: string) => (name in values ? String(values[name]) : place));
}

/** Read the catalogue anew; tests change pages. */
export function forgetWords(): void {
  catalogue = null;
}
