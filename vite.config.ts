import { existsSync, readdirSync } from "node:fs";
import { purgeCSSPlugin } from "@fullhuman/postcss-purgecss";
import { defineConfig } from "vite";

// One entry for every page, one more for each island of a slice.
const islands = readdirSync("src/kawasan")
  .map((slice) => `src/kawasan/${slice}/islands`)
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`));

const purge = purgeCSSPlugin({
  content: ["src/kawasan/*/templates/**/*.html", "src/kawasan/**/*.py", "src/kawasan/*/islands/*.ts", "assets/*.ts"],
  safelist: {
    // The kind of a message is known to Python only, so no template spells out its class.
    standard: [
      /^alert-(success|info|warning)$/,
      /^maplibregl/,
      /^collaps/,
      "show",
      "active",
      "disabled",
      "html",
      "body",
    ],
    deep: [/data-bs-theme/],
  },
});

export default defineConfig({
  base: "/static/kawasan/build/",
  css: { postcss: { plugins: [purge] } },
  build: {
    outDir: "src/kawasan/core/static/kawasan/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2020",
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: ["assets/main.ts", ...islands],
      // htmx evaluates expressions in attributes that our pages do not use.
      onwarn: (warning, warn) => (warning.code === "EVAL" ? undefined : warn(warning)),
    },
  },
});
