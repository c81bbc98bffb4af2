import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Every source of ours below a folder that is no test. */
function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return name.endsWith('.ts') && !name.endsWith('.test.ts') ? [path] : [];
  });
}

/** Lines with Chinese that stands neither in a comment nor in gettext('…'). */
function unmarked(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '')
    .replace(/gettext\(\s*'(?:[^'\\]|\\.)*',?\s*\)/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /[\u4e00-\u9fff]/.test(line));
}

it('finds Chinese that nobody could translate', () => {
  expect(unmarked("say('取消'); // 注")).toEqual(["say('取消');"]);
  expect(unmarked("say(gettext('取消')); /* 注 */")).toEqual([]);
});

it('there is none: every Chinese sentence of a script is marked gettext', () => {
  const files = ['islands', 'lib'].flatMap((folder) => sources(join(ROOT, folder)));
  expect(files.length).toBeGreaterThan(15);
  expect(files.flatMap((path) => unmarked(readFileSync(path, 'utf8')).map((line) => `${path}: ${line}`))).toEqual([]);
});
