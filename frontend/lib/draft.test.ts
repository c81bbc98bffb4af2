import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Draft, forgetOldDrafts, mayKeep, read, write } from './draft';
import { show } from './testing';

if (!customElements.get('ly-draft')) customElements.define('ly-draft', Draft);

const FIELDS = `
  <input name="csrfmiddlewaretoken" type="hidden" value="t">
  <input name="name" value="林">
  <input name="pin" type="password" value="p">
  <input name="code" autocomplete="one-time-code" value="c">
  <input name="idno" data-secret value="s">
  <input name="doc" type="file">
  <input name="many" type="checkbox" value="1" checked><input name="many" type="checkbox" value="2">
  <input name="one" type="radio" value="a"><input name="one" type="radio" value="b" checked>
  <select name="kind"><option value="x">x</option><option value="y">y</option></select>
  <textarea name="note"></textarea>
  <input name="twin" value="1"><input name="twin" value="2">`;

function page(attributes = 'name="/x/" user="u1"'): HTMLFormElement {
  show(`<form><ly-draft ${attributes}></ly-draft>${FIELDS}</form>`);
  return document.querySelector('form')!;
}
const field = <T extends HTMLElement = HTMLInputElement>(name: string): T =>
  document.querySelector<T>(`[name=${name}]`)!;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => {
  document.body.innerHTML = '';
  vi.useRealTimers();
});

function type(name: string, value: string): void {
  field(name).value = value;
  field(name).dispatchEvent(new Event('input', { bubbles: true }));
  vi.advanceTimersByTime(1000);
}

describe('a draft', () => {
  it('never keeps passwords, codes, secrets, files or tokens', () => {
    const kept = Object.keys(read(page()));
    expect(kept.sort()).toEqual(['kind', 'many', 'name', 'note', 'one', 'twin']);
    expect(mayKeep(field('pin'))).toBe(false);
  });

  it('writes back what it read', () => {
    const form = page();
    write(form, { name: ['欧阳'], many: ['2'], one: ['a'], kind: ['y'], note: ['长'], twin: ['7', '8'], pin: ['no'] });
    expect(read(form)).toEqual({
      name: ['欧阳'],
      many: ['2'],
      one: ['a'],
      kind: ['y'],
      note: ['长'],
      twin: ['7', '8'],
    });
    expect(field('pin').value).toBe('p');
  });

  it('is kept while one types, offered again, and can be dropped', () => {
    page();
    type('name', '林知远');
    expect(localStorage.getItem('draft:u1:/x/')).toContain('林知远');
    page();
    expect(field('name').value).toBe('林知远');
    expect(document.querySelector('ly-draft')!.textContent).toContain('已恢复');
    document.querySelector<HTMLButtonElement>('ly-draft button')!.click();
    expect(field('name').value).toBe('林');
    expect(localStorage.getItem('draft:u1:/x/')).toBeNull();
  });

  it('belongs to one user', () => {
    page();
    type('name', '林知远');
    page('name="/x/" user="u2"');
    expect(field('name').value).toBe('林');
  });

  it('is not kept without a user or where it is off', () => {
    page('name="/x/" user=""');
    type('name', 'a');
    page('name="/x/" user="u1" off');
    type('name', 'b');
    expect(localStorage.length).toBe(0);
  });

  it('gives way to what the server sent back', () => {
    page();
    type('name', '旧');
    page('name="/x/" user="u1" bound');
    expect(field('name').value).toBe('林');
  });

  it('goes at submit', () => {
    const form = page();
    type('name', '林知远');
    form.dispatchEvent(new Event('submit', { cancelable: true }));
    expect(localStorage.getItem('draft:u1:/x/')).toBeNull();
  });

  it('goes when the form is as it was', () => {
    page();
    type('name', '林知远');
    type('name', '林');
    expect(localStorage.length).toBe(0);
  });

  it('warns before leaving a changed form only', () => {
    const form = page();
    const leave = (): boolean => {
      const event = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(leave()).toBe(false);
    type('name', '林知远');
    expect(leave()).toBe(true);
    form.dispatchEvent(new Event('submit'));
    expect(leave()).toBe(false);
  });

  it('survives storage that cannot be read', () => {
    localStorage.setItem('draft:u1:/x/', '{');
    page();
    expect(field('name').value).toBe('林');
    expect(localStorage.getItem('draft:u1:/x/')).toBeNull();
  });

  it('is forgotten after a week', () => {
    const now = Date.now();
    localStorage.setItem('draft:u:old', JSON.stringify({ at: now - 8 * 86_400_000, values: {} }));
    localStorage.setItem('draft:u:new', JSON.stringify({ at: now, values: {} }));
    localStorage.setItem('draft:u:bad', 'x');
    localStorage.setItem('other', 'stays');
    forgetOldDrafts(localStorage, now);
    expect(Object.keys(localStorage).sort()).toEqual(['draft:u:new', 'other']);
  });
});
