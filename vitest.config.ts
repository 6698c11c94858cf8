import { defineConfig } from 'vitest/config';

/** A deadline ends what hangs. It measures no speed: a test of three studies takes 40 s on a busy machine of two cores. */
const HANGS_AFTER_MS = 180_000;

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: HANGS_AFTER_MS,
    hookTimeout: HANGS_AFTER_MS,
    maxWorkers: 2,
  },
});
