import { defineConfig } from "vitest/config";

/** Workspace packages run from source: this export condition points at their `src`. */
const conditions = ["tocsin-source", "node", "import", "module", "default"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["packages/*/{src,testing}/**/*.test.ts", "scripts/**/*.test.ts", "{demo,bench}/src/**/*.test.ts"],
          exclude: ["**/dist/**"],
        },
      },
      {
        ...shared,
        test: { name: "acceptance", include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
      },
    ],
  },
});
