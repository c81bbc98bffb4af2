import { expect, test } from 'vitest';
import { mayDrop, meaning, previewAddress, subtree } from './index';

const line = (id: string, kind: string, depth: number, parent: string, takes = '') => ({
  dataset: { id, kind, depth: String(depth), parent, takes } as DOMStringMap,
});
const above = 'committee general_branch branch';
const lines = [
  line('top', 'committee', 1, '', above),
  line('a', 'committee', 2, 'top', above),
  line('a1', 'branch', 3, 'a', 'group'),
  line('a1x', 'group', 4, 'a1'),
  line('a2', 'branch', 3, 'a', 'group'),
  line('b', 'committee', 2, 'top', above),
];
const [top, a, a1, a1x, a2, b] = lines;

test('a subtree is the line and the deeper ones after it', () => {
  expect([...subtree(lines, a)]).toEqual(['a', 'a1', 'a1x', 'a2']);
  expect([...subtree(lines, a2)]).toEqual(['a2']);
});

test('a branch drops on a committee but not on its own parent, a branch, or what lies below it', () => {
  expect(mayDrop(a1, b, new Set())).toBe(true);
  expect(mayDrop(a1, a, new Set())).toBe(false);
  expect(mayDrop(a1, a2, new Set())).toBe(false);
  expect(mayDrop(a, a1, subtree(lines, a))).toBe(false);
});

test('the middle of a line means into it, its upper edge means before it', () => {
  expect(meaning(lines, a1, b, 0.5)).toEqual({ to: 'b', before: '' });
  expect(meaning(lines, a2, a1, 0.1)).toEqual({ to: 'a', before: 'a1' });
  expect(meaning(lines, b, a, 0.1)).toEqual({ to: 'top', before: 'a' });
  expect(meaning(lines, a1x, a2, 0.5)).toEqual({ to: 'a2', before: '' });
});

test('what may not be means nothing', () => {
  expect(meaning(lines, a, a1, 0.1)).toBeNull();
  expect(meaning(lines, a1, a1x, 0.5)).toBeNull();
  expect(meaning(lines, a1x, top, 0.5)).toBeNull();
});

test('a drop leads to the preview, never to the act', () => {
  expect(previewAddress('/units/1/move/', { to: '2', before: '' })).toBe('/units/1/move/?to=2');
  expect(previewAddress('/units/1/move/', { to: '2', before: '3' })).toBe('/units/1/move/?to=2&before=3');
});
