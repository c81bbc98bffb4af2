import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refusal, type WhereaboutsCheckin } from './index';

type Success = (found: { coords: { longitude: number; latitude: number } }) => void;
type Failure = (error: { code: number }) => void;

describe('whereabouts-checkin', () => {
  let ask: ReturnType<typeof vi.fn>;

  beforeEach(() => {
    ask = vi.fn();
    Object.defineProperty(window, 'isSecureContext', { value: true, configurable: true });
    Object.defineProperty(navigator, 'geolocation', { value: { getCurrentPosition: ask }, configurable: true });
    document.body.innerHTML =
      '<form id="f"><input name="lon"><input name="lat"></form><whereabouts-checkin form="f"></whereabouts-checkin>';
  });

  afterEach(() => {
    document.body.innerHTML = '';
  });

  const form = (): HTMLFormElement => document.getElementById('f') as HTMLFormElement;
  const element = (): WhereaboutsCheckin => document.querySelector('whereabouts-checkin') as WhereaboutsCheckin;
  const button = (): HTMLButtonElement => element().querySelector('button') as HTMLButtonElement;

  it('never asks for the position by itself', () => {
    expect(ask).not.toHaveBeenCalled();
  });

  it('fills the form and sends it when pressed', () => {
    const submit = vi.fn();
    form().submit = submit;
    ask.mockImplementation((good: Success) => good({ coords: { longitude: 100.123456, latitude: 38.98765 } }));
    button().click();
    expect((form().elements.namedItem('lon') as HTMLInputElement).value).toBe('100.1235');
    expect((form().elements.namedItem('lat') as HTMLInputElement).value).toBe('38.9877');
    expect(submit).toHaveBeenCalledOnce();
  });

  it('says what to do when the device refuses, and can be pressed again', () => {
    ask.mockImplementation((_good: Success, bad: Failure) => bad({ code: 1 }));
    button().click();
    expect(element().textContent).toContain('没有允许定位');
    expect(button().disabled).toBe(false);
  });

  it('has words for every refusal', () => {
    expect(new Set([1, 2, 3].map(refusal)).size).toBe(3);
  });
});
