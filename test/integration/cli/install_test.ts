/** `snakepipe install`, by hand: what it says before it asks, what it does with the answer, and what is there then. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { sha256 } from "../../../host/platform/sha256.ts";
import { builtLibrary } from "../../support/built.ts";
import {
  ISSUED_CERTIFICATE,
  ISSUED_CERTIFICATE_KEY,
  TEST_AUTHORITY,
} from "../../support/test_authority.ts";
import { variantOf } from "../../support/plugin_variant.ts";
import { TRUSTED } from "../../support/signer.ts";
import { MANIFEST, samplePlugin } from "../../support/wasm_text.ts";
import { ProgramFolder, rowsText } from "./program.ts";

await builtLibrary();
const PLUGIN = await Deno.readFile(
  fromFileUrl(new URL("../../../plugins/dist/libsql.wasm", import.meta.url)),
);
const HASH = await sha256(PLUGIN.slice());
const TO = ["--plugins", "plugins"];

async function placeWith(bytes: Uint8Array = PLUGIN): Promise<ProgramFolder> {
  const place = await ProgramFolder.create({
    "rows.ndjson": rowsText(3),
    "ca.pem": TEST_AUTHORITY,
  });
  await Deno.writeFile(place.path("other.wasm"), bytes);
  return place;
}

function namesIn(place: ProgramFolder): string[] {
  try {
    return [...Deno.readDirSync(place.path("plugins"))].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

Deno.test("install shows what a plugin may do, and without a terminal or --yes installs nothing", async () => {
  await using place = await placeWith();
  const { status, out, err } = await place.run(["install", "other.wasm", ...TO]);
  assertEquals(status, 1);
  for (
    const line of [
      "other.wasm: plugin libsql ",
      `sha256 ${HASH}`,
      "It makes the backend libsql, for URLs that begin with libsql:",
      "It writes the SQL that the driver libsql runs with your credentials, in mode append, upsert, replace",
      "never a row, a secret or a socket.",
      "It is not signed, and no key is asked for.",
      "It goes to plugins/other.wasm, which is new.",
    ]
  ) assertStringIncludes(out, line);
  assertStringIncludes(err, "there is no terminal to ask at: --yes says that it is meant");
  assertEquals(namesIn(place), []);
  const json = await place.run(["install", "other.wasm", ...TO, "--json"]);
  assertEquals(json.status, 1);
  const { error } = JSON.parse(json.out);
  assertEquals([error.code, error.reason, error.blame], [
    "install_refused",
    "nobody_asked",
    "config",
  ]);
});

Deno.test("install puts a plugin into a folder that is then used, locked, to load a table", async () => {
  await using place = await placeWith();
  const { status, out, err } = await place.run(["install", "other.wasm", ...TO, "--yes"]);
  assertEquals(status, 0, err);
  assertStringIncludes(out, "plugins/other.wasm is installed, and plugins.lock knows it");
  assertEquals(namesIn(place), ["other.wasm", "plugins.lock"]);
  const loaded = await place.run(
    ["load", "rows.ndjson", "--to", "libsql:x.db", "--table", "t", "--locked", ...TO],
  );
  assertEquals(loaded.status, 0, loaded.err);
  const before = namesIn(place);
  const again = await place.run(["install", "other.wasm", ...TO, "--json"]);
  assertEquals([again.status, JSON.parse(again.out).installed], [0, false], again.err);
  assertEquals(namesIn(place), before);
});

Deno.test("install fetches by https, by a certificate that is given or in DENO_CERT", async () => {
  await using place = await placeWith();
  await using server = Deno.serve(
    {
      hostname: "localhost",
      port: 0,
      ...{ cert: ISSUED_CERTIFICATE, key: ISSUED_CERTIFICATE_KEY, onListen: () => {} },
    },
    () => new Response(PLUGIN),
  );
  const url =
    `https://user:word@localhost:${server.addr.port}/libsql.wasm?token=word#sha256=${HASH}`;
  const args = ["install", url, ...TO, "--yes", "--json"];
  const unknown = await place.run(args);
  assertEquals(JSON.parse(unknown.out).error.reason, "fetch_failed");
  assert(!(unknown.out + unknown.err).includes("word"), unknown.err);
  const given = await place.run([...args, "--cert", "ca.pem"]);
  assertEquals(given.status, 0, given.err);
  const told = JSON.parse(given.out);
  assertEquals([told.installed, told.sha256, told.file], [true, HASH, "plugins/libsql.wasm"]);
  assert(!given.out.includes("word"), given.out);
  await Deno.remove(place.path("plugins"), { recursive: true });
  const trusted = await place.run(args, { env: { DENO_CERT: place.path("ca.pem") } });
  assertEquals(trusted.status, 0, trusted.err);
  assertEquals(namesIn(place), ["libsql.wasm", "plugins.lock"]);
  const none = await place.run([...args, "--cert", "none.pem"]);
  assertEquals(none.status, 2);
});

Deno.test("install takes trustedKeys and locked from the configuration", async () => {
  await using place = await placeWith();
  const { key, sign } = TRUSTED;
  const config = { plugins: "plugins", trustedKeys: [key] };
  await Deno.writeTextFile(place.path("snakepipe.jsonc"), JSON.stringify(config));
  const args = ["install", "other.wasm", "--yes", "--json"];
  const unsigned = await place.run(args);
  assertEquals(JSON.parse(unsigned.out).error.reason, "signature_missing");
  await Deno.writeTextFile(place.path("other.wasm.sig"), await sign(PLUGIN));
  const signed = await place.run(args);
  assertEquals([signed.status, JSON.parse(signed.out).signedBy], [0, key], signed.err);
  assertEquals(namesIn(place), ["other.wasm", "other.wasm.sig", "plugins.lock"]);
  assertStringIncludes((await place.run(["backends", "--locked"])).out, "available");
  await Deno.writeTextFile(
    place.path("snakepipe.jsonc"),
    JSON.stringify({ ...config, locked: true }),
  );
  const again = await place.run(args);
  assertEquals([again.status, JSON.parse(again.out).installed], [0, false], again.err);
  const other = variantOf(PLUGIN, "another build");
  await Deno.writeFile(place.path("other.wasm"), other);
  await Deno.writeTextFile(place.path("other.wasm.sig"), await sign(other));
  const locked = await place.run([...args, "--replace"]);
  assertEquals(JSON.parse(locked.out).error.reason, "locked");
});

Deno.test("install says what a plugin asks for, and that is granted afterwards", async () => {
  await using place = await placeWith(
    samplePlugin({
      capabilities: ["batch_column_name"],
      manifest: { ...MANIFEST, words: { types: ["f32_blob(#65536)"] } },
    }),
  );
  const { status, out, err } = await place.run(["install", "other.wasm", ...TO, "--yes"]);
  assertEquals(status, 0, err);
  assertStringIncludes(out, "It asks for the names of columns, and does not work without");
  assertStringIncludes(out, "type:f32_blob  f32_blob (#65536)  not granted");
  assertStringIncludes(
    out,
    "What it asks for is granted by: snakepipe grant plugins/other.wasm batch_column_name type:f32_blob",
  );
  const granted = await place.run(
    ["grant", "plugins/other.wasm", "batch_column_name", "type:f32_blob"],
  );
  assertEquals(granted.status, 0, granted.err);
  const { out: listed } = await place.run(["backends", ...TO, "--locked"]);
  assertStringIncludes(listed, "available");
  assertStringIncludes(listed, "Words of SQL that sample asks for:");
  assertStringIncludes(listed, "type:f32_blob  f32_blob (#65536)  granted");
});

Deno.test("install asks on a terminal, and takes yes for yes and anything else for no", async () => {
  await using place = await placeWith();
  for (const [answer, status] of [["n", 1], ["", 1], ["yess", 1], ["y", 0]] as const) {
    const answered = await underTerminal(place, ["install", "other.wasm", ...TO], `${answer}\n`);
    // Without `script` of util-linux there is no terminal.
    if (!answered) return;
    assertStringIncludes(answered.text, "Install other.wasm? [y/N]");
    assertEquals(answered.status, status, answered.text);
    assertStringIncludes(answered.text, status === 0 ? "is installed" : "the answer was no");
    assertEquals(namesIn(place), status === 0 ? ["other.wasm", "plugins.lock"] : []);
  }
});

Deno.test("install leaves nothing where files may not grow", async () => {
  await using place = await placeWith();
  const words = place.words(["install", "other.wasm", ...TO, "--yes", "--json"]);
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `trap '' XFSZ; ulimit -f 1; exec "$@"`, "sh", ...words],
    cwd: place.folder,
    stderr: "null",
  }).output();
  const { error } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals([error.code, error.reason], ["install_refused", "write_failed"], error.message);
  assertEquals(namesIn(place), []);
});

Deno.test("install says how it is used", async () => {
  await using place = await placeWith();
  for (
    const args of [["install"], ["install", "a.wasm", "b.wasm"], ["install", "a.wasm", "--force"]]
  ) {
    const { status, err } = await place.run(args);
    assertEquals(status, 2, err);
  }
  const { out } = await place.run(["install", "--help"]);
  for (const option of ["--yes", "--replace", "--name FILE", "--cert FILE", "--locked"]) {
    assertStringIncludes(out, option);
  }
});

/** Runs the program under a terminal, with an answer; undefined where there is no `script`. */
async function underTerminal(
  place: ProgramFolder,
  args: readonly string[],
  answer: string,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  const quoted = place.words(args).map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("script", {
      args: ["--quiet", "--return", "--echo", "never", "--command", quoted, "/dev/null"],
      cwd: place.folder,
      ...{ stdin: "piped", stdout: "piped", stderr: "null" },
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const writer = child.stdin.getWriter();
  let text = "";
  let isAnswered = false;
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    text += decoder.decode(chunk, { stream: true });
    if (isAnswered || !text.includes("[y/N]")) continue;
    isAnswered = true;
    await writer.write(new TextEncoder().encode(answer));
  }
  await writer.close().catch(() => {});
  return { status: (await child.status).code, text };
}
