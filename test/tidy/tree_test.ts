/** The tree itself: who may import whom, what files are called, what must not stand in them. */
import { assertEquals } from "@std/assert";
import { basename, fromFileUrl, join, relative } from "@std/path";
import { DRIVER_FAMILIES } from "../../host/drivers/load_driver.ts";
import { ROOT, treeFiles } from "./tree_files.ts";

interface ModuleInfo {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier: string };
    readonly type?: { readonly specifier: string };
  }[];
}

/** One import: from a file of the tree to a file of the tree, or to a package. */
interface Import {
  readonly from: string;
  readonly to: string;
}

/** Packages whose types or code may be imported in one place alone. */
const ONE_PLACE: Readonly<Record<string, RegExp>> = {
  "@extism/extism": /^host\/plugins\/sandbox\/sandbox\.ts$/,
  "@logtape/logtape": /^host\/cli\/output\/debug_log\.ts$/,
  cockatiel: /^host\/connections\//,
  "web-tree-sitter": /^host\/sources\/ast/,
  ...Object.fromEntries(
    DRIVER_FAMILIES.flatMap(({ name, packages }) =>
      packages.map((pack) => [pack, new RegExp(`^host/drivers/${name}/`)])
    ),
  ),
};

/** Modules from which all others are reached. */
const ENTRIES: readonly string[] = [
  "mod.ts",
  "host/lane/lane_worker.ts",
  "host/conformance/conformance.ts",
  "tools/demo.ts",
  "tools/build_plugins.ts",
];

async function sourceFiles(folder: string, suffix = ".ts"): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(join(ROOT, folder))) {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (
      entry.isDirectory &&
      !["node_modules", ".git", ".cache", "dist", "results"].includes(entry.name)
    ) {
      files.push(...await sourceFiles(path, suffix));
    } else if (entry.isFile && entry.name.endsWith(suffix)) files.push(path);
  }
  return files.sort();
}

async function importsOf(entries: readonly string[]): Promise<Import[]> {
  const found: Import[] = [];
  for (const entry of entries) {
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", entry],
      cwd: ROOT,
      stderr: "inherit",
    }).output();
    if (!success) throw new Error(`deno info fails on ${entry}`);
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: ModuleInfo[] };
    for (const module of modules) {
      if (!module.specifier.startsWith("file:") || module.specifier.includes("/node_modules/")) {
        continue;
      }
      for (const { specifier, code, type } of module.dependencies ?? []) {
        const target = code?.specifier ?? type?.specifier;
        const to = target?.startsWith("file:") && !target.includes("/node_modules/")
          ? relative(ROOT, fromFileUrl(target))
          : specifier;
        found.push({ from: relative(ROOT, fromFileUrl(module.specifier)), to });
      }
    }
  }
  return found;
}

Deno.test("tree: nothing imports upward, and each client library is imported in one place", async () => {
  const imports = await importsOf(ENTRIES);
  assertEquals(imports.length > 100, true, "the graph was read");
  const wrong = imports.filter(({ from, to }) => {
    if (from.startsWith("src/")) return !to.startsWith("src/") && to !== "valibot";
    if (from.startsWith("host/")) {
      return /^(test|bench|plugins|tools|mod\.ts)/.test(to);
    }
    const place = ONE_PLACE[to];
    return place !== undefined && !place.test(from);
  });
  const misplaced = imports.filter(({ from, to }) => ONE_PLACE[to] && !ONE_PLACE[to].test(from));
  assertEquals([...wrong, ...misplaced].map(({ from, to }) => `${from} imports ${to}`), []);
});

/** The folder of a file, for the question who stands above whom. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Folders that import each other, by way of others too: each as the way around. */
function circles(imports: readonly Import[]): string[] {
  const above = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [a, b] = [folderOf(from), folderOf(to)];
    // A folder and those within it are one room.
    if (a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)) continue;
    above.set(a, (above.get(a) ?? new Set()).add(b));
  }
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (folder: string, way: readonly string[]) => {
    const at = way.indexOf(folder);
    if (at >= 0) return void found.push([...way.slice(at), folder].join(" → "));
    if (done.has(folder)) return;
    for (const next of above.get(folder) ?? []) walk(next, [...way, folder]);
    done.add(folder);
  };
  for (const folder of above.keys()) walk(folder, []);
  return found;
}

Deno.test("tree: no two folders import each other, by way of others neither", async () => {
  const imports = (await importsOf(ENTRIES)).filter(({ from, to }) =>
    /^(src|host)\//.test(from) && /^(src|host)\//.test(to)
  );
  assertEquals(imports.length > 100, true, "the graph was read");
  assertEquals(circles(imports), []);
  const around = [{ from: "host/a/x.ts", to: "host/b/y.ts" }, {
    from: "host/b/z.ts",
    to: "host/c/x.ts",
  }, { from: "host/c/x.ts", to: "host/a/y.ts" }];
  assertEquals(circles(around), ["host/a → host/b → host/c → host/a"], "a circle is found");
});

Deno.test("tree: every file of src and host lies in a folder, but for the host itself", async () => {
  const files = [...await sourceFiles("src"), ...await sourceFiles("host")];
  assertEquals(files.filter((file) => file.split("/").length === 2), [
    "host/host.ts",
    "host/host_options.ts",
  ]);
});

Deno.test("tree: src holds no permission: it names neither Deno nor node", async () => {
  const wrong: string[] = [];
  for (const file of await sourceFiles("src")) {
    const text = await Deno.readTextFile(join(ROOT, file));
    if (/(?<!")\bDeno\.|from "node:|\bfetch\(|new Worker\(/.test(text)) wrong.push(file);
  }
  assertEquals(wrong, []);
});

Deno.test("tree: files are named in snake_case and are no longer than can be read", async () => {
  const wrong: string[] = [];
  for (const folder of ["src", "host", "plugins", "tools", "test", "bench"]) {
    for (const file of [...await sourceFiles(folder), ...await sourceFiles(folder, ".tsx")]) {
      const lines = (await Deno.readTextFile(join(ROOT, file))).split("\n").length;
      // Tables of cases are looked up in, and not read.
      const isTable = /^test\/attack\/[a-z0-9_]+\.cases\.ts$/.test(file);
      if (!isTable && !/^[a-z0-9_]+\.tsx?$/.test(basename(file))) {
        wrong.push(`${file} is not snake_case`);
      }
      if (/^(utils?|helpers?|types?|common|misc)\.tsx?$/.test(basename(file))) {
        wrong.push(`${file} says nothing`);
      }
      if (lines > (isTable ? 1_000 : 400)) wrong.push(`${file} has ${lines} lines`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("tree: nothing is left undone, skipped or silenced without a reason", async () => {
  const wrong: string[] = [];
  for (const folder of ["src", "host", "plugins", "tools", "test", "bench"]) {
    for (const file of [...await sourceFiles(folder), ...await sourceFiles(folder, ".tsx")]) {
      if (file === "test/tidy/tree_test.ts") continue;
      const text = await Deno.readTextFile(join(ROOT, file));
      text.split("\n").forEach((line, i) => {
        if (
          /\b(TODO|FIXME|XXX)\b|@ts-ignore|@ts-nocheck|Deno\.test\.(only|ignore)|\b(only|ignore): true/
            .test(line)
        ) {
          wrong.push(`${file}:${i + 1}: ${line.trim()}`);
        }
        if (/deno-lint-ignore/.test(line) && !/--/.test(line)) {
          wrong.push(`${file}:${i + 1}: no reason`);
        }
      });
    }
  }
  assertEquals(wrong, []);
});

Deno.test("tree: the top level holds what it is meant to hold", async () => {
  const there = new Set((await treeFiles()).map((path) => path.split("/")[0]!));
  const meant = new Set([
    ...[".ci", ".editorconfig", ".github", ".gitignore", ".vscode"],
    ...["deno.json", "deno.lock", "mod.ts"],
    ...["src", "host", "plugins", "tools", "test", "bench", "docs"],
    ...["README.md", "DESIGN.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"],
  ]);
  assertEquals([...there].filter((name) => !meant.has(name)).sort(), []);
});

Deno.test("tree: exact versions in the import map", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
    imports: Record<string, string>;
  };
  const loose = Object.values(imports).filter((target) =>
    !/^npm:\/?(@[\w-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.-]*(\/|$)/.test(target)
  );
  assertEquals(loose, []);
});
