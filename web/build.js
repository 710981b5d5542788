// Builds what a page carries: `node build.js`; `node build.js --check` says whether what is committed is what is built.
//
// The script of a shift's modes is a bundle of its own, which finds the page's functions on the page: whatever it
// imports from outside its room is handed over by `geotrack:tools`, which is made here from its import statements.

import { build } from "esbuild";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.dirname(HERE);
const CHECK = process.argv.includes("--check");
const STATIC = "geotrack/render/page/static";
const TARGET = ["chrome111", "firefox115", "safari16.4"]; // the first that inflate what a page carries, and a little more

/** @import { Metafile, Plugin } from "esbuild" */

/**
 * [file, names] of each import statement of a module, the file as an absolute path.
 * @param {string} file
 * @returns {[file: string, names: string[]][]}
 */
function importsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.filter(ts.isImportDeclaration).map((statement) => {
    const named = statement.importClause?.namedBindings;
    if (!named || !ts.isNamedImports(named) || !ts.isStringLiteral(statement.moduleSpecifier)) {
      throw new Error(`${file}: ${statement.getText(source)}: expected import { names } from "file"`);
    }
    return [path.resolve(path.dirname(file), statement.moduleSpecifier.text), named.elements.map((each) => each.name.text)];
  });
}

/**
 * name -> file of everything that the modules of a shift take from the page's script.
 * @param {string} room
 * @returns {Map<string, string>}
 */
function toolsOf(room) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const name of readdirSync(room).filter((each) => each.endsWith(".js"))) {
    for (const [file, names] of importsOf(path.join(room, name))) {
      if (path.dirname(file) === room) continue;
      for (const each of names) {
        if ((found.get(each) ?? file) !== file) throw new Error(`${each} is exported by ${file} and by ${found.get(each)}`);
        found.set(each, file);
      }
    }
  }
  return new Map([...found].sort());
}

const SHIFT = path.join(HERE, "shift");
const tools = toolsOf(SHIFT);

/** @type {Plugin} */
const handedOver = {
  name: "tools",
  setup(run) {
    run.onResolve({ filter: /^geotrack:tools$/ }, () => ({ path: "given", namespace: "tools" }));
    run.onResolve({ filter: /^\.\.\// }, ({ path: name, resolveDir }) =>
      (resolveDir === SHIFT ? { path: "taken", namespace: "tools", pluginData: name } : undefined));
    run.onLoad({ filter: /^given$/, namespace: "tools" }, () => {
      const imports = [...tools].map(([name, file]) => `import { ${name} } from ${JSON.stringify(file)};`);
      return { contents: [...imports, `export const tools = { ${[...tools.keys()].join(", ")} };`].join("\n"), resolveDir: HERE };
    });
    run.onLoad({ filter: /^taken$/, namespace: "tools" }, () => ({ contents: `export const { ${[...tools.keys()].join(", ")} } = window.geotrack.tools;` }));
  },
};

/**
 * A circle of imports is a fault: nobody could say which module is ready first.
 * @param {Metafile} metafile
 */
function circleIn({ inputs }) {
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {(file: string, way: string[]) => void} */
  const visit = (file, way) => {
    if (way.includes(file)) throw new Error(`circle of imports: ${[...way.slice(way.indexOf(file)), file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const { path: next } of inputs[file].imports) if (inputs[next]) visit(next, [...way, file]);
    done.add(file);
  };
  Object.keys(inputs).forEach((file) => visit(file, []));
}

const ENTRIES = {
  [`${STATIC}/page.js`]: "entries/page.js",
  [`${STATIC}/compact.js`]: "entries/page.js",
  [`${STATIC}/shift.js`]: "entries/shift.js",
  [`${STATIC}/follow.js`]: "entries/follow.js",
  [`${STATIC}/page.css`]: "page/page.css",
  [`${STATIC}/shift.css`]: "shift/shift.css",
  "tests/browser/parts.js": "entries/parts.js",
};

/** @type {string[]} */
const stale = [];
for (const [out, entry] of Object.entries(ENTRIES)) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: [entry],
    outfile: path.join(ROOT, out),
    write: false,
    bundle: true,
    format: "iife",
    minify: true,
    define: { WHOLE: String(!out.endsWith("/compact.js")) }, // a compact map lacks what is not used otherwise
    charset: "utf8",
    target: TARGET,
    legalComments: "none",
    metafile: true,
    tsconfigRaw: {},
    logLevel: "warning",
    plugins: [handedOver],
  });
  circleIn(metafile);
  const [{ path: file, text }] = outputFiles;
  if (!CHECK) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== text) stale.push(out);
}
if (stale.length) {
  console.error(`${stale.join(", ")}: not what web/ is built into; run \`npm run build\` in web/ and commit what it writes`);
  process.exitCode = 1;
}
