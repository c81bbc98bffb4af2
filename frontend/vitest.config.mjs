import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { environment: 'happy-dom', include: ['{lib,islands,scripts}/**/*.test.{ts,mjs}'] },
});
