/** `snakepipe serve`: another folder of plugins, other rules of what is let in, another audit log, while it runs. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { verifyAudit } from "../../../host/observe/verify_audit.ts";
import { grant } from "../../../host/plugins/store/admission.ts";
import { eventually } from "../../support/eventually.ts";
import { makePipe } from "../../support/named_pipe.ts";
import { variantOf } from "../../support/plugin_variant.ts";
import { TRUSTED } from "../../support/signer.ts";
import { PLUGINS } from "../../support/target.ts";
import { type ConfigJson, rowsFrom, type RunningServe, ServeFolder } from "./serve_program.ts";

const LIBSQL = await Deno.readFile(join(PLUGINS, "libsql.wasm"));

const CONFIG = {
  backends: { file: { type: "libsql", url: "libsql:out.db" } },
  default: "file",
  loads: {
    rows: { source: "rows.ndjson", table: "t", watch: true },
    piped: { source: "pipe.ndjson", table: "piped", batchRows: 10 },
  },
};

/** A folder with another build of the one plugin that is needed. */
async function otherPlugins(folder: ServeFolder, name: string, build = name): Promise<string> {
  await Deno.mkdir(folder.path(name));
  const file = folder.path(name, "libsql.wasm");
  await Deno.writeFile(file, variantOf(LIBSQL, build));
  return file;
}

/** Appends rows to what is watched; what loaded them. */
async function loaded(folder: ServeFolder, serve: RunningServe, from: number, count: number) {
  const { runs = 0 } = await serve.load("rows") ?? {};
  await Deno.writeTextFile(folder.path("rows.ndjson"), rowsFrom(from, count), { append: true });
  return await eventually(`rows from ${from}`, async () => {
    const load = await serve.load("rows");
    return load?.state === "complete" && load.runs > runs && load.last?.committed === count &&
      load.last;
  }).catch((error) => {
    throw new Error(`${error.message}\n${serve.log}`);
  });
}

/** Writes a configuration; why it is not taken. */
async function refusal(
  folder: ServeFolder,
  serve: RunningServe,
  { config, why }: { readonly config: ConfigJson; readonly why: string },
): Promise<string> {
  await folder.configure(config);
  const error = await eventually(why, async () => {
    const { config } = await serve.status();
    return config?.error?.includes(why) && config.error;
  }).catch((error) => {
    throw new Error(`${error.message}\n${serve.log}`);
  });
  await serve.says(/The configuration stays as it was/);
  return error;
}

/** Writes a configuration that is taken. */
async function taken(
  folder: ServeFolder,
  serve: RunningServe,
  config: ConfigJson,
): Promise<void> {
  const before = (await serve.status()).config!.readAt;
  await folder.configure(config);
  await eventually("the configuration is read", async () => {
    const { config } = await serve.status();
    return config!.readAt !== before && config!.error === undefined;
  }).catch((error) => {
    throw new Error(`${error.message}\n${serve.log}`);
  });
}

Deno.test("serve takes another folder of plugins and another audit log under a running load, whole or not at all", async () => {
  await using folder = await ServeFolder.create({ ...CONFIG, audit: "first.ndjson" });
  await makePipe(folder.path("pipe.ndjson"));
  const other = await otherPlugins(folder, "other");
  await using serve = folder.serve();
  const first = await loaded(folder, serve, 0, 5);

  assertEquals(await serve.run("piped"), 202);
  using pipe = await Deno.open(folder.path("pipe.ndjson"), { write: true });
  const write = (from: number) => pipe.write(new TextEncoder().encode(rowsFrom(from, 100)));
  await write(0);
  await serve.underWay("piped");

  // What is wrong in one of them keeps the other as it is.
  const readable = await refusal(folder, serve, {
    config: { ...CONFIG, plugins: "other", audit: "plugins/libsql.wasm" },
    why: "Audit log cannot be opened",
  });
  assertStringIncludes(readable, "it holds something else, and is left as it is");
  await refusal(folder, serve, {
    config: { ...CONFIG, plugins: "nowhere", audit: "second.ndjson" },
    why: "Plugin folder cannot be read",
  });
  await Deno.mkdir(folder.path("empty"));
  await refusal(folder, serve, {
    config: { ...CONFIG, plugins: "empty", audit: "second.ndjson" },
    why: "backends.file.type: No backend has this type",
  });
  const files = async () =>
    (await serve.status()).plugins.filter(({ status }) => status === "available")
      .map(({ file }) => file);
  assertEquals((await files()).length, 4);
  assertEquals((await serve.status()).plugins.some(({ status }) => status === "refused"), false);
  await write(100);

  await taken(folder, serve, { ...CONFIG, plugins: "other", audit: "second.ndjson" });
  assertEquals(await files(), [other]);
  await serve.says(/Plugin \S+other\/libsql\.wasm was replaced in \d+ ms: .* 0 of [1-9]\d* plans/);
  assertStringIncludes(
    await Deno.readTextFile(folder.path("other", "plugins.lock")),
    "libsql.wasm",
  );
  const second = await loaded(folder, serve, 5, 5);
  assert(second.plugin!.sha256 !== first.plugin!.sha256);

  // It is this folder that is watched now.
  await Deno.writeFile(other, variantOf(LIBSQL, "third"));
  await grant(other, []);
  await serve.says(/Plugin \S+other\/libsql\.wasm was replaced in \d+ ms[^]*was replaced in/);
  const third = await loaded(folder, serve, 10, 5);
  assert(third.plugin!.sha256 !== second.plugin!.sha256);
  await Deno.remove(folder.path("plugins"), { recursive: true });

  await write(200);
  pipe.close();
  const piped = await serve.until("piped", "complete");
  assertEquals([piped.last?.committed, piped.last?.plugin], [300, first.plugin]);
  assertEquals(folder.query("out.db", "SELECT count(*), count(DISTINCT id) FROM piped"), [[
    300,
    300,
  ]]);
  assertEquals(folder.query("out.db", "SELECT count(*), max(id) FROM t"), [[15, 14]]);
  assertEquals((await serve.stop()).code, 0, serve.log);

  const records = async (name: string) => {
    const { state, problems } = await verifyAudit(folder.path(name));
    assertEquals([state, problems], ["intact", []], name);
    const lines = (await Deno.readTextFile(folder.path(name))).trim().split("\n");
    return lines.map((line) => JSON.parse(line));
  };
  const [before, after] = [await records("first.ndjson"), await records("second.ndjson")];
  assertEquals([before.at(-1).event, before.at(-1).to], [
    "audit_moved",
    folder.path("second.ndjson"),
  ]);
  assertEquals([after[0].event, after[0].from], ["audit_moved", folder.path("first.ndjson")]);
  const rowsIn = (lines: typeof before) =>
    lines.filter(({ event, load }) => event === "batch" && load === piped.last?.load?.id)
      .reduce((sum, { committed }) => sum + committed, 0);
  assert(rowsIn(before) > 0 && rowsIn(after) > 0);
  assertEquals(rowsIn(before) + rowsIn(after), 300);
});

Deno.test("serve takes other rules of which plugins are let in, and none that would put one out of use", async () => {
  await using folder = await ServeFolder.create(CONFIG);
  await using serve = folder.serve();
  const first = await loaded(folder, serve, 0, 5);

  await taken(folder, serve, { ...CONFIG, locked: true });
  const more = await otherPlugins(folder, "more");
  const file = folder.path("plugins", "zz.wasm");
  await Deno.copyFile(more, file);
  await serve.says(/zz\.wasm is not taken: .*plugins\.lock does not know it/);
  await taken(folder, serve, { ...CONFIG, locked: false });
  // It is let in now, and claims a name that is another's.
  await serve.says(/zz\.wasm is not taken: .*registered already/);
  await Deno.remove(file);

  const refused = await refusal(folder, serve, {
    config: { ...CONFIG, trustedKeys: [TRUSTED.key] },
    why: "backends.file.type: It would be refused",
  });
  assertMatch(refused, /libsql\.wasm: it is not signed/);
  const second = await loaded(folder, serve, 5, 5);
  const signature = await TRUSTED.sign(LIBSQL);
  await Deno.writeTextFile(folder.path("plugins", "libsql.wasm.sig"), signature);
  // What was refused is tried again by itself.
  await eventually("it is in force", async () => {
    return (await serve.status()).config!.error === undefined;
  });
  const { plugins } = await serve.status();
  const available = plugins.filter(({ status }) => status === "available").map(({ type }) => type);
  const refusedRest = plugins.filter(({ status }) => status === "refused").length;
  assertEquals([available, refusedRest], [["libsql"], plugins.length - 1]);
  // What is the same under other rules stays in use.
  const third = await loaded(folder, serve, 10, 5);
  assertEquals([second.plugin, third.plugin], [first.plugin, first.plugin]);
  assert(!/replaced in|is connected[^]*is connected/.test(serve.log), serve.log);

  // A folder whose lock knows another file; then the operator says that it is meant.
  const changed = await otherPlugins(folder, "changed");
  await grant(changed, []);
  await Deno.writeFile(changed, variantOf(LIBSQL, "tampered"));
  await refusal(folder, serve, {
    config: { ...CONFIG, plugins: "changed" },
    why: "it is not the file that plugins.lock knows",
  });
  assertEquals((await loaded(folder, serve, 15, 5)).plugin, first.plugin);
  assertEquals((await serve.stop()).code, 0);
});

Deno.test("serve tells what of its configuration the command line overrules, and that is not in force", async () => {
  await using folder = await ServeFolder.create(CONFIG);
  await otherPlugins(folder, "other");
  await using serve = folder.serve("--plugins", "plugins", "--locked", "--audit", "audit.ndjson");
  await serve.address();
  assertEquals((await serve.status()).config?.overruled, []);
  await taken(folder, serve, { ...CONFIG, plugins: "other", locked: false, audit: "other.ndjson" });
  const expected = ["plugins", "audit", "locked"].map((name) =>
    `${name} of the configuration is not in force: --${name} of the command line is`
  );
  const { config, plugins } = await serve.status();
  assertEquals(config?.overruled, expected);
  for (const text of expected) assertStringIncludes(serve.log, text);
  assertEquals(plugins.length, 4);
  await taken(folder, serve, CONFIG);
  assertEquals((await serve.status()).config?.overruled, []);
  assertEquals((await serve.stop()).code, 0);
  assertEquals(
    [...Deno.readDirSync(folder.path())].some(({ name }) => name === "other.ndjson"),
    false,
  );
});

Deno.test("serve takes no pipe for its configuration, neither at the start nor later, and waits for none", async () => {
  await using folder = await ServeFolder.create(CONFIG);
  const file = folder.path("snakepipe.jsonc");
  const pipe = async (path: string) => {
    await makePipe(path);
  };
  await pipe(folder.path("piped.jsonc"));
  {
    await using serve = folder.serve("--config", "piped.jsonc");
    assertEquals((await serve.ended).code, 2);
    await serve.says(
      /The configuration is a pipe: .*piped\.jsonc\. serve reads it again whenever it/,
    );
  }
  await using serve = folder.serve();
  await loaded(folder, serve, 0, 5);
  await Deno.rename(file, `${file}.away`);
  await serve.says(/stays as it was, since its file cannot be read: .*No such file/);
  await pipe(file);
  await serve.says(/stays as it was, since its file cannot be read: The configuration is a pipe/);
  await loaded(folder, serve, 5, 5);
  await Deno.rename(`${file}.away`, file);
  await taken(folder, serve, { ...CONFIG, loads: {} });
  assertEquals((await serve.stop()).code, 0);
});
