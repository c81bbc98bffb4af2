import { afterEach, describe, expect, it, vi } from 'vitest';
import { startLoader } from './loader';

const tick = (): Promise<void> => new Promise((done) => setTimeout(done, 0));
afterEach(() => {
  document.body.innerHTML = '';
});

describe('the loader', () => {
  it('fetches an island only when its element is on the page, once', async () => {
    const here = vi.fn(() => Promise.resolve());
    const elsewhere = vi.fn(() => Promise.resolve());
    document.body.innerHTML = '<island-a></island-a><island-a></island-a>';
    const stop = startLoader({ 'island-a': here, 'island-b': elsewhere }, document);
    await tick();
    document.body.append(document.createElement('island-a'));
    await tick();
    expect(here).toHaveBeenCalledTimes(1);
    expect(elsewhere).not.toHaveBeenCalled();
    stop();
  });

  it('fetches it when a swap brings the element', async () => {
    const load = vi.fn(() => Promise.resolve());
    const stop = startLoader({ 'island-a': load }, document);
    expect(load).not.toHaveBeenCalled();
    document.body.innerHTML = '<div><island-a></island-a></div>';
    await tick();
    expect(load).toHaveBeenCalledTimes(1);
    stop();
  });

  it('tries again after a lost chunk', async () => {
    const load = vi.fn<() => Promise<unknown>>().mockRejectedValueOnce(new Error('lost')).mockResolvedValue(null);
    const keep = vi.fn(() => Promise.resolve());
    document.body.innerHTML = '<island-a></island-a>';
    const stop = startLoader({ 'island-a': load, 'island-z': keep }, document);
    await tick();
    document.body.append(document.createElement('p'));
    await tick();
    expect(load).toHaveBeenCalledTimes(2);
    stop();
  });
});
