// What the product's own files say: which files may hold class names, and which icons they use.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', '__pycache__', 'migrations', 'tests', 'locale', 'data']);

/** Every file below `folder` with one of the endings, skipping built and test files, and data unless `withData`. */
export function filesBelow(folder, endings, withData = false) {
  const found = [];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      const skipped = SKIPPED.has(name) && !(withData && name === 'data');
      if (!skipped) found.push(...filesBelow(path, endings, withData));
    } else if (endings.some((ending) => name.endsWith(ending)) && !name.includes('.test.')) {
      found.push(path);
    }
  }
  return found;
}

const IN_TEMPLATES = /(?:{%\s*icon\s+|\bicon=|\bpicture=)["']([a-z0-9-]+)["']/g;
const IN_DATA = /^icon\s*=\s*"([a-z0-9-]+)"/gm;
const IN_CODE = /["']([a-z][a-z0-9-]+)["']/g;
const NAMES_ICONS = /icon|NavItem|Todo\(|Action\(/;

/** Names of the icons that the files use, of those that `exists` knows. */
export function iconsUsed(files, exists) {
  const found = new Set();
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    // In Python an icon may be a positional argument: every literal that is an icon's name counts there.
    const pattern = patternFor(file, text);
    if (!pattern) continue;
    for (const [, name] of text.matchAll(pattern)) if (exists(name)) found.add(name);
  }
  return [...found].sort();
}

function patternFor(file, text) {
  if (file.endsWith('.html')) return IN_TEMPLATES;
  if (file.endsWith('.toml')) return IN_DATA;
  return NAMES_ICONS.test(text) ? IN_CODE : null;
}
