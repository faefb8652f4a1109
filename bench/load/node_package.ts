import { join } from "@std/path";
import { cacheFolder } from "./dataset_files.ts";
import type { Tool } from "./tools.ts";

/** The version that is compared: of better-sqlite3 the last one that Node 20 takes. */
const VERSION_OF = {
  "better-sqlite3": "12.11.1",
  "@tursodatabase/database": "0.7.2",
} as const;

/**
 * Packages with native code that competitors under Node need, and that are no dependencies of this
 * project: installed by npm into the benchmark's own folder, above the scripts that import them.
 */
export type PackageName = keyof typeof VERSION_OF;

/** better-sqlite3 compiles SQLite where its binary cannot be fetched: one minute on a core. */
const INSTALL_TIMEOUT_MS = 600_000;
const TRY_TIMEOUT_MS = 20_000;

/** Whether a tool is such a package. */
export function isPackageName(name: string): name is PackageName {
  return Object.hasOwn(VERSION_OF, name);
}

/** Finds a package in the folder, or installs it there: a package that Node cannot load is absent. */
export async function lookForPackage(name: PackageName): Promise<Tool> {
  const version = VERSION_OF[name];
  const folder = await cacheFolder();
  const manifest = join(folder, "node_modules", name, "package.json");
  const present = { kind: "present", version } as const;
  if (await versionIn(manifest) === version && await loads(name, folder)) return present;
  const failed = await install(`${name}@${version}`, folder);
  if (failed !== undefined) return { kind: "absent", reason: `${name} ${version}: ${failed}` };
  return await loads(name, folder) ? present : {
    kind: "absent",
    reason: `${name} ${version}: npm has installed it, and Node cannot load it`,
  };
}

async function versionIn(manifest: string): Promise<string | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(manifest)).version;
  } catch {
    return undefined;
  }
}

/** Whether its native part is there and fits: opens a database in memory. */
async function loads(name: PackageName, folder: string): Promise<boolean> {
  const code = name === "better-sqlite3"
    ? `import Database from "${name}"; new Database(":memory:")`
    : `import { connect } from "${name}"; await connect(":memory:")`;
  const answer = await run("node", ["--input-type=module", "--eval", code], {
    folder,
    timeoutMs: TRY_TIMEOUT_MS,
  });
  return answer === "ok";
}

/** Says why it could not be installed; undefined once it is. */
async function install(wanted: string, folder: string): Promise<string | undefined> {
  console.error(`Installing ${wanted}`);
  await Deno.writeTextFile(join(folder, "package.json"), "{}", { createNew: true }).catch(() => {});
  const answer = await run("npm", ["install", "--no-audit", "--no-fund", wanted], {
    folder,
    timeoutMs: INSTALL_TIMEOUT_MS,
    env: await headersOfNode(),
  });
  switch (answer) {
    case "ok":
      return undefined;
    case "missing":
      return "npm is not on this machine";
    case "failed":
      return "npm could not install it: it found no binary for this machine, or could not fetch it, " +
        "and could not compile one, which takes a C++ compiler, make, Python and the headers of Node";
  }
}

/** Where node-gyp finds the headers, if they came with Node; else it fetches them. */
async function headersOfNode(): Promise<Readonly<Record<string, string>>> {
  const code = "process.stdout.write(require('path').resolve(process.execPath, '../..'))";
  const { success, stdout } = await new Deno.Command("node", { args: ["--eval", code] }).output()
    .catch(() => ({ success: false, stdout: new Uint8Array() }));
  const prefix = new TextDecoder().decode(stdout);
  const there = await Deno.stat(join(prefix, "include/node/node.h")).then(() => true, () => false);
  return success && there ? { npm_config_nodedir: prefix } : {};
}

async function run(
  program: string,
  args: readonly string[],
  { folder, timeoutMs, env = {} }: {
    readonly folder: string;
    readonly timeoutMs: number;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<"ok" | "failed" | "missing"> {
  try {
    const { success } = await new Deno.Command(program, {
      args: [...args],
      cwd: folder,
      env: { ...env },
      stdin: "null",
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(timeoutMs),
    }).output();
    return success ? "ok" : "failed";
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "missing" : "failed";
  }
}
