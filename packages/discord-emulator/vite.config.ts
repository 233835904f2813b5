import { join } from "node:path";
import { defineConfig } from "vite";

/** Builds the page, whole and for itself: no address of another host is left in it to be called. */
export default defineConfig({
  root: join(import.meta.dirname, "src", "page"),
  // Whatever NODE_ENV says, as in a test: Lit for developers warns in the browser's console.
  resolve: { conditions: ["module", "browser", "production"] },
  build: { outDir: join(import.meta.dirname, "dist", "page"), emptyOutDir: true, target: "es2022" },
});
