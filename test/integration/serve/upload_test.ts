/** `snakepipe serve --uploads`: a plugin comes by the API, loads rows, is there after a kill, and goes. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { sha256 } from "../../../host/platform/sha256.ts";
import { readPluginLock } from "../../../host/plugins/store/plugin_lock.ts";
import { stagedAt } from "../../../host/plugins/store/staged_plugin.ts";
import { eventually } from "../../support/eventually.ts";
import { variantOf } from "../../support/plugin_variant.ts";
import { ProgramFolder } from "../cli/program.ts";
import { rowsFrom, type RunningServe, ServeFolder } from "./serve_program.ts";

const CONFIG = {
  backends: { file: { type: "libsql", url: "libsql:out.db" } },
  default: "file",
  loads: { rows: { source: "a.ndjson", table: "t" } },
};

async function put(
  serve: RunningServe,
  bytes: Uint8Array<ArrayBuffer>,
  over?: string,
): Promise<[number, Record<string, unknown>]> {
  const token = await serve.token();
  const response = await serve.ask("/plugins/libsql.wasm", {
    method: "PUT",
    body: bytes,
    headers: {
      ...{ authorization: `Bearer ${token}`, "content-type": "application/wasm" },
      ...(over === undefined ? {} : { "if-match": `"${over}"` }),
    },
  });
  return [response.status, await response.json()];
}

Deno.test("serve takes a plugin by the API while it loads, and has it after a kill, under a closed lock", async () => {
  await using folder = await ServeFolder.create({ ...CONFIG, uploads: true });
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 5));
  const before = await Deno.readFile(folder.path("plugins", "libsql.wasm"));
  const [old, next] = [await sha256(before), variantOf(before, "another build")];
  {
    await using serve = folder.serve();
    await serve.run("rows");
    await serve.until("rows", "complete");
    const [refused, { reason }] = await put(serve, next);
    assertEquals([refused, reason], [409, "version_reused"]);
    const [status, { state, asked, plans }] = await put(serve, next, old);
    assertEquals([status, state, asked, plans], [200, "replaced", 1, []]);
    await serve.says(/Plugin libsql\.wasm has come by the API/);
    await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(5, 5), { append: true });
    await serve.run("rows");
    const load = await eventually("loaded by the new one", async () => {
      const load = await serve.load("rows");
      return load?.runs === 2 && load.state === "complete" && load;
    });
    assertEquals(load.last?.plugin?.sha256, await sha256(next));
    serve.kill();
  }
  // As a kill leaves it that came before the lock was written.
  await Deno.writeFile(
    stagedAt(folder.path("plugins"), "libsql.wasm", crypto.randomUUID()),
    before.subarray(0, 1_000),
  );
  await using again = folder.serve("--locked");
  await again.run("rows");
  await again.until("rows", "complete");
  assertEquals(folder.query("out.db", "SELECT count(*) FROM t")[0], [10]);
  const names = [...Deno.readDirSync(folder.path("plugins"))].map(({ name }) => name);
  assertEquals(names.filter((name) => name.startsWith(".")), []);
  const lock = await readPluginLock(folder.path("plugins"));
  assertEquals(lock.get("libsql.wasm")?.sha256, await sha256(next));
  const [closed, { reason }] = await put(again, variantOf(before, "a third"), old);
  assertEquals([closed, reason], [403, "locked"]);
});

Deno.test("serve takes no plugin unless it is told to, and not from everybody", async () => {
  await using folder = await ServeFolder.create(CONFIG);
  const bytes = await Deno.readFile(folder.path("plugins", "libsql.wasm"));
  {
    await using serve = folder.serve();
    await serve.address();
    const [status, { error }] = await put(serve, bytes);
    assertEquals(status, 403);
    assertStringIncludes(String(error), "start serve with --uploads");
    assertEquals((await serve.status()).uploads, false);
    await folder.configure({ ...CONFIG, uploads: true });
    await eventually("uploads are on", async () => (await serve.status()).uploads);
    assertEquals((await put(serve, bytes))[0], 200);
    await folder.configure(CONFIG);
    await eventually("uploads are off", async () => !(await serve.status()).uploads);
    assertEquals((await put(serve, bytes))[0], 403);
  }
  await using place = await ProgramFolder.create({ "snakepipe.jsonc": JSON.stringify(CONFIG) });
  const { status, err } = await place.run(["serve", "--uploads", "--listen", "127.0.0.1:0"]);
  assertEquals(status, 2, err);
  const open = /Whoever reaches the API could put plugins here: .*--token-file FILE/;
  assertMatch(err, open);
  await Deno.writeTextFile(
    place.path("snakepipe.jsonc"),
    JSON.stringify({ ...CONFIG, uploads: true }),
  );
  const configured = await place.run(["serve", "--listen", "127.0.0.1:0"]);
  assertEquals(configured.status, 2, configured.err);
  assertMatch(configured.err, open);
});

Deno.test("serve by a Unix socket takes plugins from its owner, and keeps what comes with the program", async () => {
  await using place = await ProgramFolder.create({ "snakepipe.jsonc": JSON.stringify(CONFIG) });
  // The program as it is installed: what lies in the folder beside it came with it.
  const root = fromFileUrl(new URL("../../../", import.meta.url));
  for (const path of ["host/dist", "host/codec/dist", "plugins/dist"]) {
    await copy(join(root, path), place.path(path));
  }
  const flags = ["-A", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=none"];
  const program = place.path("host/dist/snakepipe.js");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, program, "serve", "--uploads", "--listen", "unix:api"],
    ...{ cwd: place.folder, stdout: "null", stderr: "piped" },
  }).spawn();
  try {
    let log = "";
    const reading = (async () => {
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) log += text;
    })();
    await eventually("it serves", () => log.includes("Serving"));
    const client = Deno.createHttpClient({ proxy: { transport: "unix", path: place.path("api") } });
    const ask = async (
      method: string,
      name: string,
      body?: Uint8Array<ArrayBuffer>,
      headers: Record<string, string> = {},
    ) => {
      const response = await fetch(`http://localhost/plugins/${name}`, {
        ...{ client, method, headers: { "content-type": "application/wasm", ...headers } },
        ...(body ? { body } : {}),
      } as RequestInit);
      return [response.status, (await response.json()).reason ?? ""];
    };
    const own = await Deno.readFile(place.path("plugins/dist/libsql.wasm"));
    assertEquals(await ask("DELETE", "libsql.wasm"), [403, "target_own"]);
    assertEquals(await ask("PUT", "libsql.wasm", own), [200, ""]);
    // With what is there, nothing changes; anything else is refused.
    const over = { "if-match": `"${await sha256(own.slice())}"` };
    const other = variantOf(own, "x");
    assertEquals(await ask("PUT", "libsql.wasm", other, over), [403, "target_own"]);
    assertEquals(await Deno.readFile(place.path("plugins/dist/libsql.wasm")), own);
    client.close();
    child.kill("SIGTERM");
    await reading;
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await child.status;
  }
});

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory || name.startsWith("plugins.")) continue;
    await Deno.copyFile(join(from, name), join(to, name));
  }
}
