import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { styleSheet, tooNew } from './css.mjs';
import { sprite } from './icons.mjs';
import { filesBelow, iconsUsed } from './sources.mjs';

const folder = mkdtempSync(join(tmpdir(), 'front-'));
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('the style sheet', () => {
  it('keeps what files name and drops the rest', async () => {
    const page = file('a.html', '<p class="card used">');
    const css = await styleSheet(
      '.card{color:red}.unused{color:blue}.used:has(b){color:red}',
      ['.ours{margin:0}'],
      [page],
    );
    expect(css).toContain('.card{');
    expect(css).toContain('.ours{');
    expect(css).not.toContain('unused');
    expect(css).not.toContain(':has');
  });
  it('follows the system where the theme is automatic', async () => {
    const css = await styleSheet('', ['[data-bs-theme="dark"]{--ink:#fff}'], []);
    expect(css).toMatch(/@media ?\(prefers-color-scheme: ?dark\)\{\[data-bs-theme=auto\]\{--ink:#fff\}\}/);
  });
  it('gives flex gaps a margin where the browser has none', async () => {
    const css = await styleSheet(
      '',
      ['.a{display:flex;gap:8px}.g{display:grid;gap:8px}.c{display:flex;flex-direction:column;gap:4px}'],
      [],
    );
    expect(css).toContain('.no-flexgap .a>*+*{margin-left:8px}');
    expect(css).toContain('.no-flexgap .c>*+*{margin-top:4px}');
    expect(css).not.toContain('.no-flexgap .g');
  });
  it('turns logical and short properties into old ones', async () => {
    const css = await styleSheet('', ['.a{margin-inline:auto;inset:0}'], []);
    expect(css).toContain('margin-left:auto;margin-right:auto');
    expect(css).not.toMatch(/inset/);
  });
});

describe('the gate for old browsers', () => {
  it.each([
    'a{color:color-mix(in srgb,red,blue)}',
    'a{color:light-dark(#fff,#000)}',
    'a:has(b){color:red}',
    ':is(a,b){color:red}',
    '@layer x{a{color:red}}',
    'a{inset:0}',
    'a{width:min(1px,2px)}',
    'a{aspect-ratio:1}',
  ])('names %s', (css) => expect(tooNew(css)).toHaveLength(1));
  it('lets plain rules pass', () => {
    expect(tooNew('a{min-width:1px;margin-left:2px}@media (min-width:768px){b{max-height:1px}}')).toEqual([]);
    expect(tooNew('a{grid-template-columns:repeat(2,minmax(0,1fr))}')).toEqual([]);
  });
});

describe('icons', () => {
  it('are found in templates, in Python and in data', () => {
    const known = new Set(['users', 'map', 'key', 'eye', 'flag']);
    const files = [
      file('b.html', `{% icon "users" %}{% include "x" with picture='map' %}<p id="key">`),
      file('c.py', `NavItem("人员", "members:list", "eye", "人员")`),
      file('d.py', `x = "key"`),
      file('e.toml', `key = "map"\nicon = "flag"\nlabel = "icon"`),
    ];
    expect(iconsUsed(files, (name) => known.has(name))).toEqual(['eye', 'flag', 'map', 'users']);
  });
  it('make one sprite', () => {
    file(
      'x.svg',
      '<!-- c -->\n<svg a="1"\n b="2">\n <path stroke="none" d="M0 0h24v24H0z" fill="none"/>\n <path d="M1 1" />\n</svg>',
    );
    expect(sprite(['x'], folder)).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="x" viewBox="0 0 24 24"><path d="M1 1"/></symbol></svg>\n',
    );
  });
  it('skip tests and built files', () => {
    file('e.test.ts', '');
    expect(filesBelow(folder, ['.ts'])).toEqual([]);
  });
});
