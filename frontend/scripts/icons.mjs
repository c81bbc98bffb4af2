// One SVG sprite with the icons that are used, each a <symbol> named as in Tabler.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sprite of `names`; `folder` holds Tabler's outline icons. */
export function sprite(names, folder) {
  const symbols = names.map((name) => {
    const svg = readFileSync(join(folder, `${name}.svg`), 'utf8');
    const body = svg
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/^[\s\S]*?<svg[^>]*>/, '')
      .replace(/<\/svg>\s*$/, '')
      .replace(/\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '')
      .replace(/\s*\n\s*/g, '')
      .replace(/ \/>/g, '/>');
    return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}

/** Whether Tabler has an outline icon of this name. */
export const iconExists = (folder) => (name) => existsSync(join(folder, `${name}.svg`));
