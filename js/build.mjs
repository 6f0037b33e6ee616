/**
 * The bundle: one minified ES module with its styles inside.
 *
 * Jupyter stores a widget's module as text and runs it from a blob, where no sibling file can be
 * imported; the offline page inlines the same text. So all is one file, and it never holds `</script`.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const written = fileURLToPath(new URL("../depthviz/widgets/static/widget.js", import.meta.url));

/** The earliest that know nested styles and `:has`; `notebooks/install.md` names them. */
const BROWSERS = ["chrome120", "firefox121", "safari17.2"];

/** Properties of our own objects, named in no text: neither Python nor a saved state knows them, so the bundle shortens them. */
export const OURS = [
  "element signals listing shownCount isShown grouping filterChange selectionChange groupsMoved chosenTheme",
  "setSelectedOnly setFocus setFrame setProbe setFilter setFilters setHighlight setBoundaries setHistograms",
  "compareWith toggleFilter clearFilters replaceFilters selectRegion openPanel initialBoundaries",
  "readSelection readUiState writeSelection writeUiState screenPosition freeHeight inSight",
  "cutsHigh selectionColor resetView showWarning showWait setColor setSort setSize setTool onDrawn onLasso onScreen",
  "cancelLasso requestDraw curves revision dispose highlight lookups",
  "receive selectionChanged stateChanged writeState noteChange forget tally infinite texts flags release whole",
].flatMap((line) => line.split(" "));

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The same name in every bundle: views of one page may come from different ones and share a store. */
function shortName(/** @type {number} */ i) {
  return `_${i < LETTERS.length ? "" : LETTERS[Math.floor(i / LETTERS.length)]}${LETTERS[i % LETTERS.length]}`;
}

/** @type {import("esbuild").Plugin} */
const stylesAsText = {
  name: "styles-as-text",
  setup(bundler) {
    bundler.onResolve({ filter: /\.css\?raw$/ }, ({ path, resolveDir }) => ({
      path: fileURLToPath(new URL(path.replace("?raw", ""), pathToFileURL(`${resolveDir}/`))),
      namespace: "styles",
    }));
    bundler.onLoad({ filter: /.*/, namespace: "styles" }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), {
        loader: "css",
        minify: true,
        target: BROWSERS,
      });
      return { contents: code, loader: "text" };
    });
  },
};

/** Bundle the sources and return the text of the module. */
export async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: ["src/index.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: BROWSERS,
    charset: "utf8",
    define: { "Number.NaN": "NaN", "Number.POSITIVE_INFINITY": "Infinity" },
    mangleProps: new RegExp(`^(${OURS.join("|")})$`),
    mangleCache: Object.fromEntries(OURS.map((name, i) => [name, shortName(i)])),
    legalComments: "none",
    write: false,
    plugins: [stylesAsText],
  });
  const text = shortenProperties(outputFiles[0]?.text ?? "");
  if (/<\/script/i.test(text)) {
    throw new Error("The bundle holds '</script', which would end the offline page's own script.");
  }
  return text;
}

/**
 * Give each custom property of the styles a name of one letter or digit, the same wherever it is read or set.
 * @param {string} text
 */
function shortenProperties(text) {
  const names = [...new Set(text.match(/--dv-[\w-]+/g))];
  if (names.length > LETTERS.length) throw new Error("There are more properties than letters.");
  return text.replace(
    /--dv-[\w-]+/g,
    (/** @type {string} */ name) => `--d${LETTERS[names.indexOf(name)]}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await bundle();
  await mkdir(dirname(written), { recursive: true });
  await writeFile(written, text);
  process.stdout.write(`widget.js: ${(text.length / 1000).toFixed(0)} kB\n`);
}
