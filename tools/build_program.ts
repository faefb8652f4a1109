/**
 * Bundles the program, and the library, into a few files that start sooner than their 250 modules do:
 * the runtime reads, resolves and compiles each module on its own, 50 ms before anything has happened,
 * and again in each worker. What is bundled needs no import map: `host/dist/mod.js` can be imported
 * from anywhere.
 *
 * `deno run -A tools/build_program.ts [--force] [--quiet]` brings `host/dist/` up to date.
 */
import { basename, fromFileUrl, join } from "@std/path";
import type { Plugin } from "esbuild";
import { isBuiltin } from "node:module";
import type { DriverFamily } from "../host/drivers/driver_family.ts";
import { DRIVER_FAMILIES } from "../host/drivers/load_driver.ts";
import { writeTypes } from "./build_types.ts";
import {
  bringUpToDate,
  buildByCommand,
  type BuildOptions,
  modified,
  newest,
  replaceFolder,
} from "./up_to_date.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const DIST = join(ROOT, "host", "dist");
/** What runs in a thread of its own, and what others import. Each becomes a file of the same name. */
const ENTRIES = [
  ...["mod.ts", "host/cli/snakepipe.ts", "host/lane/lane_worker.ts"],
  // Imported by the tests of plugins.
  "host/conformance/conformance.ts",
];
/**
 * Packages with native code, or with files beside their modules, and what is imported of them: these
 * stay where they are, and are looked for when they are first used.
 */
const EXTERNAL: Readonly<Record<string, readonly string[]>> = {
  "web-tree-sitter": ["Language", "Parser"],
  "assemblyscript/asc": [],
  ...ofFamilies(({ unbundled = {} }) => unbundled),
};
/** Packages that are one module of Emscripten's each, and the function that it defines. */
const COMPILED: Readonly<Record<string, string>> = ofFamilies(({ compiled = {} }) => compiled);
/**
 * What packages read from the environment as they are imported, each for its own tests and traces:
 * Extism, and minimatch within it. Without, the program needs no `--allow-env`.
 */
const UNUSED_ENVIRONMENT = ["EXTISM_ENABLE_WASI_OUTPUT", "__MINIMATCH_TESTING_PLATFORM__"];
/** The package of the standard library, whose names in the import map are not its own. */
const STANDARD = /^npm:(deno-std)@[^/]+(\/.*)$/;

/**
 * Bundles the program where its bundle is missing, or older than a module.
 *
 * @throws {Error} with what the bundler says if it fails
 */
export async function buildProgram(options: BuildOptions = {}): Promise<void> {
  const times = await Promise.all([
    ...["src", "host", "tools"].map((folder) => newest(join(ROOT, folder))),
    ...["mod.ts", "deno.json", "deno.lock"].map((file) => modified(join(ROOT, file))),
  ]);
  const make = () => replaceFolder(DIST, bundleAll);
  await bringUpToDate(join(DIST, "snakepipe.js"), { times, make }, options);
}

async function bundleAll(folder: string): Promise<void> {
  await Promise.all([bundleProgram(folder), writeTypes(join(folder, "types"))]);
  await nameTypes(join(folder, "mod.js"), "mod.d.ts");
  await nameTypes(join(folder, "conformance.js"), "host/conformance/conformance.d.ts");
}

/**
 * Bundles the program into a folder, which has to stand where `host/dist` does: files of the package are
 * looked for from there. Plugins of the bundler may put something else in the place of modules.
 */
export async function bundleProgram(
  folder: string,
  exchange: readonly Plugin[] = [],
): Promise<void> {
  // Loading the bundler takes longer than finding that there is nothing to bundle.
  const { build, stop } = await import("esbuild");
  const imports = await importMap();
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: ENTRIES,
      entryNames: "[name]",
      outdir: folder,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      mainFields: ["module", "main"],
      // Of packages that have both, what ES modules are made of: the others are not shaken.
      conditions: ["deno", "module"],
      target: "esnext",
      // One character beyond, and the engine keeps two bytes for each of a file.
      charset: "ascii",
      // What is read, hashed and kept in memory at each start. Names stay, and lines are short enough
      // for a stack trace to say where it was.
      minifyWhitespace: true,
      lineLimit: 120,
      define: Object.fromEntries(UNUSED_ENVIRONMENT.map((n) => [`process.env.${n}`, "undefined"])),
      alias: standardLibrary(imports),
      plugins: [
        ...exchange,
        ...compiledPackages(folder),
        externalPackages(imports),
        grammars(imports),
        askDeno,
        onlyVersion,
        ...standIns(),
        builtins,
      ],
      logLevel: "silent",
    });
  } finally {
    await stop();
  }
}

/** Modules for other module systems, each of which reads its WebAssembly from beside it. */
function compiledPackages(folder: string): Plugin[] {
  return Object.entries(COMPILED).map(([name, defined]) => ({
    name: `compiled ${name}`,
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(`[\\\\/]${literal(name)}\\.js$`) }, async ({ path }) => {
        const compiled = path.replace(/\.js$/, ".wasm");
        await Deno.copyFile(compiled, join(folder, basename(compiled)));
        return {
          contents: [
            'import * as fs from "node:fs";',
            'import * as crypto from "node:crypto";',
            // Read here: it may lie behind a URL, and a permission that is missing says so.
            `const file = new URL("./${basename(compiled)}", import.meta.url);`,
            'const bytes = file.protocol === "file:"',
            "  ? await Deno.readFile(file)",
            "  : await (await fetch(file)).bytes();",
            "const modules = {",
            '  "node:fs": { ...fs, readFileSync: () => bytes },',
            '  "node:crypto": crypto,',
            "};",
            "const require = (name) => modules[name];",
            'const __dirname = "";',
            await Deno.readTextFile(path),
            `export default ${defined};`,
          ].join("\n"),
        };
      });
    },
  }));
}

/**
 * Packages that stay outside, by their whole specifiers, which hold without an import map. They are
 * computed, so that the runtime looks for them only when they are used: it would else resolve them,
 * and fetch them perhaps, at each start of the program and of each worker.
 */
function externalPackages(imports: ImportMap): Plugin {
  const names = Object.keys(EXTERNAL);
  return {
    name: "external packages",
    setup({ onResolve, onLoad }) {
      const filter = new RegExp(`^(${names.map(literal).join("|")})$`);
      onResolve({ filter }, ({ path }) => ({ path, namespace: "external" }));
      onLoad({ filter: /.*/, namespace: "external" }, ({ path }) => ({
        contents: [
          `const specifier = ${JSON.stringify(imports[path])};`,
          "const module = await import(specifier);",
          "export default module.default;",
          ...(EXTERNAL[path]!.length > 0
            ? [`export const { ${EXTERNAL[path]!.join(", ")} } = module;`]
            : []),
        ].join("\n"),
      }));
    },
  };
}

/**
 * The package of grammars has no module: its folder is found by its manifest, which the runtime
 * knows where it is once it was imported.
 */
function grammars(imports: ImportMap): Plugin {
  const name = "tree-sitter-wasms/";
  const specifier = JSON.stringify(imports[name]!.replace("npm:/", "npm:") + "package.json");
  return {
    name: "grammars",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]ast_grammar\.ts$/ }, async ({ path }) => ({
        loader: "ts",
        contents: (await Deno.readTextFile(path)).replace(
          `import.meta.resolve("${name}package.json")`,
          `(await import(String(${specifier}), { with: { type: "json" } }), ` +
            `import.meta.resolve(${specifier}))`,
        ),
      }));
    },
  };
}

/**
 * The standard library asks Node's `process` before it asks Deno, for the system and the folder, which
 * loads a dozen of Node's modules: 20 ms before anything has happened.
 */
const askDeno: Plugin = {
  name: "ask Deno",
  setup({ onLoad }) {
    const asking = "const global = globalThis;";
    onLoad({ filter: /[\\/]deno-std[\\/].*[\\/](_os|_common[\\/]env)\.js$/ }, async ({ path }) => {
      const module = await Deno.readTextFile(path);
      if (!module.includes(asking)) throw new Error(`${path} asks in another way`);
      return { contents: module.replace(asking, "const global = { Deno };") };
    });
  },
};

/**
 * A package that imports modules of Node's of which it uses little gets its family's own in their
 * place, and so does the one module that hands it buffers.
 */
function standIns(): Plugin[] {
  return DRIVER_FAMILIES.flatMap(({ name: family, standIns = {} }) => {
    const folder = join(ROOT, "host", "drivers", family);
    return Object.entries(standIns).map(([name, files]): Plugin => {
      const sources = new RegExp(`[\\\\/]node_modules[\\\\/]${literal(name)}[\\\\/].*\\.js$`);
      const bridge = join(folder, "library_buffer.ts");
      return {
        name: `stand-ins of ${name}`,
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^(node:)?[a-z_]+$/ }, ({ path, importer }) => {
            const file = files[path.replace(/^node:/, "")];
            const isFor = sources.test(importer) || importer === bridge;
            return isFor && file !== undefined ? { path: join(folder, file) } : undefined;
          });
          // Of what is global in Node, too.
          onLoad({ filter: sources }, async ({ path }) => ({
            contents: 'import { Buffer } from "buffer";' +
              'import { clearImmediate, clearTimeout, setImmediate, setTimeout } from "timers";' +
              await Deno.readTextFile(path),
          }));
        },
      };
    });
  });
}

/** Of this package's own configuration, the program knows its version. */
const onlyVersion: Plugin = {
  name: "only the version",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]deno\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await Deno.readTextFile(path));
      return { loader: "json", contents: JSON.stringify({ version }) };
    });
  },
};

/** A module of another system requires Node's own ones, which a bundle can only import. */
const builtins: Plugin = {
  name: "Node's own modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z_]+$/ }, ({ path, kind }) => {
      const isOwn = kind === "require-call" && isBuiltin(path);
      return isOwn ? { path, namespace: "builtin" } : undefined;
    });
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `export * from ${JSON.stringify(`node:${path.replace(/^node:/, "")}`)};`,
    }));
  },
};

/** Says in a module's first line where its types are. */
async function nameTypes(file: string, types: string): Promise<void> {
  const line = `/* @ts-self-types="./types/${types}" */\n`;
  await Deno.writeTextFile(file, line + await Deno.readTextFile(file));
}

/** A text within a regular expression. */
function literal(text: string): string {
  return text.replaceAll(/[^\w/@-]/g, "\\$&");
}

/** What all families say, as one. */
function ofFamilies<T>(say: (family: DriverFamily) => Readonly<Record<string, T>>) {
  return Object.assign({}, ...DRIVER_FAMILIES.map(say)) as Readonly<Record<string, T>>;
}

type ImportMap = Readonly<Record<string, string>>;

async function importMap(): Promise<ImportMap> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
    imports: ImportMap;
  };
  return imports;
}

/** What the import map calls the modules of the standard library, and what its package does. */
function standardLibrary(imports: ImportMap): Record<string, string> {
  return Object.fromEntries(
    Object.entries(imports).flatMap(([name, target]) => {
      const [, library, path] = STANDARD.exec(target) ?? [];
      return library === undefined ? [] : [[name, library + path]];
    }),
  );
}

if (import.meta.main) await buildByCommand(buildProgram);
