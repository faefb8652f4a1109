/**
 * Makes an npm package of the program, which needs no Deno on the machine: it brings the one that npm
 * carries. `npx @snakepipe/snakepipe load …` runs it, once it is published.
 *
 * `deno run -A tools/build_npm_package.ts [FOLDER]` writes the package into `.cache/npm`, or a folder
 * that does not exist yet; `npm pack` and `npm publish` take it from there.
 */
import { dirname, fromFileUrl, join, relative } from "@std/path";
import { messageOf } from "../src/model/errors.ts";
import { buildCodec } from "./build_codec.ts";
import { buildPage } from "./build_page.ts";
import { buildPlugins } from "./build_plugins.ts";
import { buildProgram } from "./build_program.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
/** Files and folders of the package, where they lie in the repository too. */
const CONTENTS = [
  ...["host/dist", "host/codec/dist", "host/page/dist", "plugins/dist"],
  // What `snakepipe new` copies, and the guide that refusals point to.
  ...["plugins/kit", "plugins/template", "plugins/README.md"],
  ...["README.md", "LICENSE"],
];
/** What a build leaves for the machine that it ran on. */
const LEFT_OUT = /(^|\/)(types|plugins\.lock|plugins\.kept|plugins\.checked)$/;

/** Starts the program under the Deno that npm has installed; signals and the exit status pass through. */
const START = `#!/usr/bin/env node
"use strict";
const { spawn } = require("node:child_process");
const { join } = require("node:path");
const { runInstall } = require("deno/install_api.cjs");

const program = join(__dirname, "..", "host", "dist", "snakepipe.js");
// The folder that it runs in may have a configuration for another program.
const flags = ["run", "--allow-all", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=none"];
// Which Deno it runs on is the package's business.
const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1" };
const args = [...flags, program, ...process.argv.slice(2)];
const child = spawn(runInstall(), args, { stdio: "inherit", env });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  // A terminal sends SIGINT to both; sent twice it would stop without ending what is under way.
  process.on(signal, () => signal === "SIGINT" && process.stdin.isTTY || child.kill(signal));
}
child.on("error", (error) => {
  console.error(\`snakepipe: Deno cannot be started: \${error.message}\`);
  process.exit(1);
});
child.on("exit", (status, signal) => {
  if (signal === null) process.exit(status);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
`;

/**
 * Builds what is out of date, and writes the package.
 *
 * @throws {Deno.errors.AlreadyExists} if the folder is there
 */
export async function buildNpmPackage(folder: string): Promise<void> {
  await Promise.all([buildPlugins(), buildCodec()]);
  await buildPage();
  await buildProgram();
  await Deno.mkdir(dirname(folder), { recursive: true });
  await Deno.mkdir(folder);
  for (const path of CONTENTS) await copy(join(ROOT, path), join(folder, path));
  await Deno.mkdir(join(folder, "bin"));
  await Deno.writeTextFile(join(folder, "bin", "snakepipe.cjs"), START, { mode: 0o755 });
  await Deno.writeTextFile(
    join(folder, "package.json"),
    JSON.stringify(await manifest(), null, 2) + "\n",
  );
}

async function manifest(): Promise<Readonly<Record<string, unknown>>> {
  const { name, version, license } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  return {
    name,
    version,
    license,
    description: "Loads rows from files into databases; a database backend is a sandboxed plugin",
    bin: { snakepipe: "bin/snakepipe.cjs" },
    files: ["bin", "host", "plugins"],
    dependencies: { deno: Deno.version.deno },
  };
}

async function copy(from: string, to: string): Promise<void> {
  if (LEFT_OUT.test(from)) return;
  if (!(await Deno.stat(from)).isDirectory) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}

if (import.meta.main) {
  try {
    const folder = Deno.args[0] ?? join(ROOT, ".cache", "npm");
    if (Deno.args.length === 0) await Deno.remove(folder, { recursive: true }).catch(() => {});
    await buildNpmPackage(folder);
    console.log(`${relative(Deno.cwd(), folder)} is a package: npm pack ${folder}`);
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
