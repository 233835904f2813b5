import { defineConfig } from "vitest/config";

/**
 * Workspace packages run from source: this export condition points at their `src`. `import` and `require` must not be named:
 * whichever a file uses is added by itself, and naming one would hand ES modules to files that `require()`.
 */
const conditions = ["tocsin-source", "node", "module"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          setupFiles: ["scripts/property-cases.ts"],
          include: ["packages/*/{src,testing}/**/*.test.ts", "scripts/**/*.test.ts", "{demo,bench}/src/**/*.test.ts"],
          exclude: ["**/dist/**"],
        },
      },
      {
        ...shared,
        test: {
          name: "acceptance",
          setupFiles: ["scripts/property-cases.ts"],
          include: ["test/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
