// An island's code is fetched only when its element is on the page, also after an htmx swap.

export type Islands = Record<string, () => Promise<unknown>>;

/** Import the chunk of every island whose element is in `root`, now or later. Returns a function that stops it. */
export function startLoader(islands: Islands, root: Document | HTMLElement): () => void {
  const waiting = new Map(Object.entries(islands));
  const look = (): void => {
    for (const [name, load] of waiting) {
      if (root.querySelector(name)) {
        waiting.delete(name);
        // A lost chunk (thin link) is tried again at the next change of the page.
        load().catch(() => waiting.set(name, load));
      }
    }
    if (!waiting.size) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(root, { childList: true, subtree: true });
  look();
  return () => observer.disconnect();
}
