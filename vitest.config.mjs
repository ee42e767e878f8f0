import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 30_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary'] },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,mjs}'] } },
      { extends: true, test: { name: 'corpus', include: ['test/corpus/**/*.test.ts'] } },
      // Published runs and reference values that are no part of this repository (FLOATCAST_DATA).
      { extends: true, test: { name: 'data', include: ['test/data/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'release',
          include: ['test/release/**/*.test.mjs'],
          globalSetup: ['test/release/packages.mjs'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'webview',
          include: ['test/webview/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
