import { afterEach, describe, expect, it } from 'vitest';
import { show } from './testing';
import { fill, forgetWords, gettext } from './words';

afterEach(() => {
  document.body.textContent = '';
  forgetWords();
});

describe('words', () => {
  it('are the Chinese sources where the page carries no catalogue', () => {
    expect(gettext('取消')).toBe('取消');
  });

  it('come from the catalogue that the page carries', () => {
    show('<script type="application/json" id="words">{"取消": "Cancel"}</script>');
    expect(gettext('取消')).toBe('Cancel');
    expect(gettext('关闭')).toBe('关闭');
  });

  it('take their values by name and leave unknown places alone', () => {
    expect(fill('共 %(n)s 人，在外 %(out)s 人', { n: 7, out: 2 })).toBe('共 7 人，在外 2 人');
    expect(fill('100% %(n)s', {})).toBe('100% %(n)s');
  });
});
