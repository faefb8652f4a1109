/** The page is the same, however the program is run: bundled, from its modules, from the npm package. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { buildNpmPackage } from "../../../tools/build_npm_package.ts";
import { builtProgram } from "../../support/built.ts";
import { withFolder } from "../../support/target.ts";
import { RunningServe } from "../serve/serve_program.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));
const FILES = ["", "page/page.js", "page/page.css", "page/icon.svg", "page/licenses.txt"];
/** Before a browser has painted anything, this is what it has to read. */
const BYTES_MAX = 150_000;

/** What a program serves, file by file. */
async function served(words: readonly string[], cwd: string): Promise<string[]> {
  // Each has the configuration to itself, whichever runs meanwhile.
  const state = `${crypto.randomUUID()}.state`;
  const options = ["--listen", "127.0.0.1:0", "--state", state, "--token-file", "token"];
  const [command = "", ...args] = [...words, "serve", ...options];
  const child = new Deno.Command(command, {
    ...{ args, cwd, stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  await using serve = new RunningServe(child, join(cwd, "token"));
  return await Promise.all(FILES.map(async (file) => {
    const response = await serve.ask(`/${file}`);
    assertEquals(response.status, 200, file);
    return await response.text();
  }));
}

Deno.test("page: bundled, from its modules and from the npm package it is the same, and small", async () => {
  await builtProgram();
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "snakepipe.jsonc"), "{}");
    const program = join(folder, "program");
    await buildNpmPackage(program);
    const deno = [Deno.execPath(), "run", "-A"];
    // What npm's command starts: no configuration, no packages beside it.
    const bare = [...deno, "--no-config", "--no-lock", "--node-modules-dir=none"];
    const ways = [
      [...deno, join(ROOT, "host/dist/snakepipe.js")],
      [...deno, "--config", join(ROOT, "deno.json"), join(ROOT, "mod.ts")],
      [...bare, join(program, "host/dist/snakepipe.js")],
    ];
    const all: string[][] = [];
    // One after the other: a configuration is served by one program at a time.
    for (const words of ways) all.push(await served(words, folder));
    const [bundled, ...others] = all;
    for (const other of others) assertEquals(other, bundled);
    const bytes = bundled!.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
    assert(bytes < BYTES_MAX, `${bytes} bytes`);
  });
});
