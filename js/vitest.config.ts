import { defineConfig } from "vitest/config";

const views = ["tests/views/**/*.test.ts", "tests/page.test.ts"];

/** Views are mocked a file at a time, so each of their files has modules of its own. */
export default defineConfig({
  define: { ANNOTATING: "true", PREVIEWS: "true" },
  test: {
    pool: "threads",
    projects: [
      { extends: true, test: { name: "views", include: views } },
      {
        extends: true,
        test: {
          name: "below the views",
          include: ["tests/**/*.test.ts"],
          exclude: views,
          isolate: false,
        },
      },
    ],
    environment: "happy-dom",
    restoreMocks: true,
    // Evaluated anew with the modules that import it, as in a notebook.
    server: { deps: { inline: ["@preact/signals-core"] } },
  },
});
