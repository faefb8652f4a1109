/** The npm package: what its command starts, and what becomes of statuses and signals. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { buildNpmPackage } from "../../tools/build_npm_package.ts";

/** The package as npm installs it, but for its Deno, which is the one that runs this. */
async function installed(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_npm_" });
  const program = join(folder, "node_modules", "@snakepipe", "snakepipe");
  await buildNpmPackage(program);
  const deno = join(folder, "node_modules", "deno");
  await Deno.mkdir(deno);
  await Deno.writeTextFile(
    join(deno, "install_api.cjs"),
    `exports.runInstall = () => ${JSON.stringify(Deno.execPath())};`,
  );
  return folder;
}

function start(folder: string, args: readonly string[]): Deno.ChildProcess {
  const file = join(folder, "node_modules", "@snakepipe", "snakepipe", "bin", "snakepipe.cjs");
  const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  return new Deno.Command("node", { args: [file, ...args], cwd: folder, ...streams }).spawn();
}

async function ended(child: Deno.ChildProcess) {
  const [{ code, signal }, out, err] = await Promise.all([
    child.status,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, signal, out, err };
}

Deno.test("npm package: loads, passes the exit status on, and ends by a signal with what is under way", async () => {
  const folder = await installed();
  try {
    const { dependencies, bin } = JSON.parse(
      await Deno.readTextFile(join(folder, "node_modules/@snakepipe/snakepipe/package.json")),
    );
    assertEquals(dependencies, { deno: Deno.version.deno });
    assertEquals(bin, { snakepipe: "bin/snakepipe.cjs" });
    // A configuration of another program is none of ours.
    await Deno.writeTextFile(join(folder, "deno.json"), '{ "imports": { "valibot": "./no.ts" } }');
    await Deno.writeTextFile(join(folder, "a.ndjson"), '{"id":1}\n{"id":2}\n');

    const load = await ended(start(folder, ["load", "a.ndjson", "--to", "libsql:t.db"]));
    assertEquals([load.code, load.err], [0, ""]);
    assertStringIncludes(load.out, "2 rows committed to a");
    using db = new DatabaseSync(join(folder, "t.db"));
    assertEquals(db.prepare("SELECT count(*) AS n FROM a").get()?.n, 2);

    const wrong = await ended(start(folder, ["laod"]));
    assertEquals(wrong.code, 2);
    assertStringIncludes(wrong.err, "did you mean load?");

    // A plugin of one's own: from what the package has, and its compiler from npm.
    const made = await ended(start(folder, ["new", "mine", "--family", "libsql"]));
    assertEquals([made.code, made.err], [0, ""]);
    const built = await ended(start(folder, ["build", "mine"]));
    assertEquals([built.code, built.err], [0, ""]);
    assertStringIncludes(built.out, "it passes");
    const mine = ["--plugins", "mine/dist", "--to", "mine:own.db"];
    const own = await ended(start(folder, ["load", "a.ndjson", ...mine]));
    assertEquals([own.code, own.err], [0, ""]);

    const waiting = start(folder, [
      ...["load", "-", "--format", "ndjson", "--table", "b", "--to", "libsql:t.db"],
    ]);
    // More than fits into a pipe: once it is written, the program reads.
    const writer = waiting.stdin.getWriter();
    await writer.write(new TextEncoder().encode('{"id":1}\n'.repeat(100_000)));
    waiting.kill("SIGTERM");
    const stopped = await ended(waiting);
    await writer.abort().catch(() => {});
    assertEquals([stopped.code, stopped.signal], [143, null]);
    assertStringIncludes(stopped.err, "Stopped: ");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Seconds of CPU that an author may wait for tools: of processor time, since other programs may be busy. */
const AUTHOR_SECONDS_MAX = 60;

Deno.test("npm package: where there is nothing else, a plugin is made, built and checked on a database", async () => {
  const folder = await installed();
  const home = await Deno.makeTempDir({ prefix: "snakepipe_home_" });
  try {
    const program = join(folder, "node_modules/@snakepipe/snakepipe/bin/snakepipe.cjs");
    const steps = [
      ...["new mine --family libsql", "build mine"],
      "check mine/dist/mine.wasm --to libsql:t.db",
    ];
    const script = [...steps.map((words) => `node "$0" ${words} || exit 1`), "times"].join("\n");
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", script, program],
      cwd: folder,
      // Neither the compiler nor anything else is there from before.
      env: { HOME: home, DENO_DIR: join(home, "deno"), XDG_CACHE_HOME: join(home, "cache") },
    }).output();
    const out = new TextDecoder().decode(stdout);
    assertEquals(code, 0, out + new TextDecoder().decode(stderr));
    assertStringIncludes(out, "answered as they must be: it passes");
    assertMatch(out, /\d+ cases passed, .*: it passes/);
    assertStringIncludes(out, "it is kept in mine/dist/plugins.checked");
    const spent = [...out.trim().split("\n").at(-1)!.matchAll(/(\d+)m([\d.]+)s/g)]
      .reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
    assert(spent > 0 && spent < AUTHOR_SECONDS_MAX, `${spent} s`);
  } finally {
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(home, { recursive: true });
  }
});
