/**
 * The bundle: one minified ES module with its styles inside.
 *
 * Jupyter stores a widget's module as text and runs it from a blob, where no sibling file can be
 * imported; the offline page inlines the same text. So all is one file, and it never holds `</script`.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = fileURLToPath(new URL("../depthviz/widgets/static/", import.meta.url));

/** The bundles by name: where a study is annotated, or its examples are no pictures, the second one is used in the place of the first. */
export const BUNDLES = /** @type {const} */ (["widget", "annotate"]);

/** Scripts that stand in a page after a bundle, and export nothing. */
export const SCRIPTS = /** @type {const} */ (["report"]);

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
  "cutsLow valueAt heldOut elementOf nextFrame restart refusal keeper shrink revisit",
  "onError onWait hovered zoomBy widen sideOf layOut drawNow uiState",
  "showError showId chooseSide fetchParts canGoBack canGoForward labelCode",
  "filterables resetBoundaries selectInSight openHistogram closeHistogram toggleTrails setQuantile atQuantile",
  "initialQ stepSize showTrust focusActive worded letters",
  "grain moveEnd readTheme writeTheme pressedAt showTool",
  "passage arrived cutFrom carried perBlock fetchAll",
  "receive selectionChanged stateChanged writeState noteChange forget tally infinite texts flags release whole",
  "rulers setAxes",
].flatMap((line) => line.split(" "));

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

const SHORTER = { "Number.NaN": "NaN", "Number.POSITIVE_INFINITY": "Infinity" };

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

const STYLES = "src/views/shell/style_text.ts";

/**
 * The module of all styles, with their text deflated: they are a sixth of a bundle, and a notebook stores it once a view.
 * @param {Record<string, string>} define
 * @param {Shortened} shortened
 * @returns {import("esbuild").Plugin}
 */
function deflatedStyles(define, shortened) {
  return {
    name: "deflated-styles",
    setup(bundler) {
      bundler.onLoad({ filter: /\/style_text\.ts$/ }, async () => {
        const { outputFiles } = await build({
          ...{ absWorkingDir: here, entryPoints: [STYLES], bundle: true, format: "esm" },
          ...{ define, write: false, plugins: [stylesAsText] },
        });
        const source = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
        const { TEXT } = await import(`data:text/javascript;base64,${source}`);
        const text = deflateRawSync(shortenStyles(TEXT, shortened.styles), { level: 9 });
        return { contents: `export const TEXT = "${text.toString("base64")}";`, loader: "ts" };
      });
    },
  };
}

/**
 * Bundle the sources and return the text of each module.
 *
 * Both may be in one page and share a store, so what one has shortened bears the same short name in the other.
 * @returns {Promise<{ widget: string, annotate: string }>}
 */
export async function bundles() {
  const shortened = new Shortened();
  const widget = await bundle(false, shortened);
  return { widget, annotate: await bundle(true, shortened) };
}

/** The short names that were given so far. */
class Shortened {
  /** @type {Record<string, string | false>} */
  properties = {};
  /** @type {string[]} */
  styles = [];
}

/**
 * @param {boolean} annotating
 * @param {Shortened} shortened
 */
async function bundle(annotating, shortened) {
  const define = { ANNOTATING: String(annotating), PREVIEWS: String(annotating), ...SHORTER };
  const { outputFiles, mangleCache } = await build({
    absWorkingDir: here,
    entryPoints: ["src/index.ts"],
    define,
    mangleCache: shortened.properties,
    bundle: true,
    minify: true,
    format: "esm",
    target: BROWSERS,
    charset: "utf8",
    mangleProps: new RegExp(`^(${OURS.join("|")})$`),
    legalComments: "none",
    write: false,
    plugins: [...(annotating ? [deflatedStyles(define, shortened)] : []), stylesAsText],
  });
  shortened.properties = mangleCache ?? {};
  const text = shortenStyles(outputFiles[0]?.text ?? "", shortened.styles);
  if (/<\/script/i.test(text)) {
    throw new Error("The bundle holds '</script', which would end the offline page's own script.");
  }
  return text;
}

/**
 * The text of a script, which shares no name with the bundle before it.
 * @param {string} name
 */
export async function script(name) {
  const { outputFiles } = await build({
    ...{ absWorkingDir: here, entryPoints: [`src/${name}/${name}.ts`], bundle: true, minify: true },
    ...{ format: "iife", target: BROWSERS, charset: "utf8", write: false },
  });
  return outputFiles[0]?.text ?? "";
}

/**
 * Give each custom property of the styles a name of one letter or digit, the same wherever it is read or set.
 * @param {string} text
 * @param {string[]} names Those that have one already, and are added to.
 */
function shortenStyles(text, names) {
  for (const name of new Set(text.match(/--dv-[\w-]+/g)))
    if (!names.includes(name)) names.push(name);
  if (names.length > LETTERS.length) throw new Error("There are more properties than letters.");
  return text.replace(
    /--dv-[\w-]+/g,
    (/** @type {string} */ name) => `--d${LETTERS[names.indexOf(name)]}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scripts = SCRIPTS.map(async (name) => /** @type {const} */ ([name, await script(name)]));
  const texts = [...Object.entries(await bundles()), ...(await Promise.all(scripts))];
  await mkdir(folder, { recursive: true });
  for (const [name, text] of texts) {
    await writeFile(`${folder}${name}.js`, text);
    process.stdout.write(`${name}.js: ${(text.length / 1000).toFixed(0)} kB\n`);
  }
}
