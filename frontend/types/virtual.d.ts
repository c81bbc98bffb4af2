/** The islands found at build time: element name → its chunk. Written by scripts/build.mjs. */
declare module 'virtual:islands' {
  export const islands: Record<string, () => Promise<unknown>>;
}
