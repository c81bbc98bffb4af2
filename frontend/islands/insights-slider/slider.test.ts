import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dayBefore, daysBack } from './index';

describe('days', () => {
  it('counts back over month and year ends', () => {
    expect(dayBefore('2026-11-22', 0)).toBe('');
    expect(dayBefore('2026-11-22', 22)).toBe('2026-10-31');
    expect(dayBefore('2026-01-01', 1)).toBe('2025-12-31');
    expect(daysBack('2026-11-22', '2026-10-31')).toBe(22);
    expect(daysBack('2026-11-22', '')).toBe(0);
    expect(daysBack('2026-11-22', '2027-01-01')).toBe(0);
  });
});

describe('insights-slider', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML =
      '<form id="f"><input id="id_on"><insights-slider for="id_on" days="30" today="2026-11-22"></insights-slider></form>';
  });

  afterEach(() => {
    vi.useRealTimers();
    document.body.innerHTML = '';
  });

  const range = (): HTMLInputElement => document.querySelector('input[type=range]') as HTMLInputElement;
  const field = (): HTMLInputElement => document.getElementById('id_on') as HTMLInputElement;

  it('starts at now and moves the date field, telling the form once', () => {
    const heard = vi.fn();
    (document.getElementById('f') as HTMLFormElement).addEventListener('input', heard);
    expect(range().value).toBe('30');
    range().value = '20';
    range().dispatchEvent(new Event('input', { bubbles: true }));
    range().value = '19';
    range().dispatchEvent(new Event('input', { bubbles: true }));
    vi.advanceTimersByTime(200);
    expect(field().value).toBe('2026-11-11');
    expect(heard).toHaveBeenCalledOnce();
  });

  it('follows the date field', () => {
    field().value = '2026-11-02';
    field().dispatchEvent(new Event('change'));
    expect(range().value).toBe('10');
  });
});
