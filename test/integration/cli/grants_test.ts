/** The lock of plugins, by hand: recorded at first sight, refused once changed, granted and revoked. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { pluginThat } from "../../attack/module_attack.ts";
import { newSigner, type Signer, STRANGER, TRUSTED } from "../../support/signer.ts";
import { MANIFEST } from "../../support/wasm_text.ts";
import { ProgramFolder, rowsText } from "./program.ts";

const NAMED = pluginThat({ capabilities: ["batch_column_name"] });

/** A folder with a plugin called sample.wasm, and rows. */
async function folderWith(bytes: Uint8Array): Promise<ProgramFolder> {
  const place = await ProgramFolder.create({ "rows.ndjson": rowsText(3) });
  await Deno.mkdir(place.path("plugins"));
  await Deno.writeFile(place.path("plugins/sample.wasm"), bytes);
  return place;
}

async function lockOf(place: ProgramFolder): Promise<Record<string, { grants: string[] }>> {
  return JSON.parse(await Deno.readTextFile(place.path("plugins/plugins.lock"))).plugins;
}

const BACKENDS = ["backends", "--plugins", "plugins"];

Deno.test("plugin is recorded as it is first seen, and refused once it has changed", async () => {
  await using place = await folderWith(pluginThat({}));
  assertEquals((await place.run(BACKENDS)).status, 0);
  const recorded = await lockOf(place);
  assertEquals(Object.keys(recorded), ["sample.wasm"]);
  assertEquals(recorded["sample.wasm"]!.grants, []);
  await Deno.writeFile(
    place.path("plugins/sample.wasm"),
    pluginThat({ capabilities: ["sql_merge"] }),
  );
  const { out } = await place.run(BACKENDS);
  assertStringIncludes(out, "Refused: plugins/sample.wasm");
  assertStringIncludes(out, "it is not the file that plugins.lock knows");
  assertStringIncludes(out, "imports: +sql_merge");
  assertEquals(await lockOf(place), recorded);
  const granted = await place.run(["grant", "sample.wasm", "--plugins", "plugins"]);
  assertEquals(granted.status, 0, granted.err);
  assertStringIncludes(granted.out, ", was ");
  assertStringIncludes((await place.run(BACKENDS)).out, "available");
});

Deno.test("with --locked, a plugin that is not recorded is refused, and not recorded", async () => {
  await using place = await folderWith(pluginThat({}));
  const { out } = await place.run([...BACKENDS, "--locked"]);
  assertStringIncludes(out, "plugins.lock does not know it");
  const args = ["load", "rows.ndjson", "--table", "t", "--plugins", "plugins", "--locked"];
  const { status, err } = await place.run([...args, "--to", "sample:x.db"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "No backend answers to sample:");
  await place.run(["grant", "plugins/sample.wasm"]);
  assertStringIncludes((await place.run([...BACKENDS, "--locked"])).out, "available");
});

Deno.test("plugin gets what it was granted, until that is revoked", async () => {
  await using place = await folderWith(NAMED);
  assertStringIncludes((await place.run(BACKENDS)).out, "not granted to this plugin");
  const granted = await place.run(["grant", "plugins/sample.wasm", "batch_column_name"]);
  assertStringIncludes(granted.out, "granted batch_column_name");
  assertStringIncludes((await place.run(BACKENDS)).out, "available");
  assertEquals((await lockOf(place))["sample.wasm"]!.grants, ["batch_column_name"]);
  await place.run(["revoke", "plugins/sample.wasm", "batch_column_name"]);
  assertStringIncludes((await place.run(BACKENDS)).out, "not granted to this plugin");
  assertEquals((await place.run(["revoke", "plugins/sample.wasm"])).status, 0);
  assertEquals(await lockOf(place), {});
});

Deno.test("grants add up, and a word that nobody can grant is refused with the reason", async () => {
  const words = { types: ["vector_a", "collate"] };
  await using place = await folderWith(pluginThat({ manifest: { ...MANIFEST, words } }));
  const refused = await place.run(["grant", "plugins/sample.wasm", "type:collate"]);
  assertEquals(refused.status, 1, refused.out);
  assertStringIncludes(refused.err, "behind a column's name it is no type");
  const manifest = { ...MANIFEST, words: { types: ["vector_a"] } };
  await Deno.writeFile(
    place.path("plugins/sample.wasm"),
    pluginThat({ manifest, capabilities: ["batch_column_name"] }),
  );
  for (const name of ["batch_column_name", "type:vector_a"]) {
    const { status, err } = await place.run(["grant", "plugins/sample.wasm", name]);
    assertEquals(status, 0, err);
  }
  const { grants } = (await lockOf(place))["sample.wasm"]!;
  assertEquals(grants.toSorted(), ["batch_column_name", "type:vector_a"]);
});

Deno.test("grants that there are not, and files that are not known, are said to be wrong", async () => {
  await using place = await folderWith(pluginThat({}));
  for (
    const [args, says] of [
      [["grant"], "takes the file of a plugin"],
      [["grant", "plugins/sample.wasm", "sql_copy"], "Nothing can be granted by the name sql_copy"],
      [["grant", "plugins/nowhere.wasm"], "it is not there"],
      [["revoke", "plugins/sample.wasm"], "plugins.lock does not know"],
    ] as const
  ) {
    const { status, err } = await place.run(args);
    assertEquals(status > 0, true);
    assertStringIncludes(err, says);
  }
});

Deno.test("lock that is none stops the program, and is not overwritten", async () => {
  await using place = await folderWith(pluginThat({}));
  await Deno.writeTextFile(place.path("plugins/plugins.lock"), '{"version":1,"plugins":{"x":1}}');
  const { status, err } = await place.run(BACKENDS);
  assertEquals(status, 2);
  assertStringIncludes(err, "plugins.lock");
  const text = await Deno.readTextFile(place.path("plugins/plugins.lock"));
  assertEquals(text, '{"version":1,"plugins":{"x":1}}');
});

Deno.test("with trusted keys, a plugin needs a signature of one of them", async () => {
  await using place = await folderWith(pluginThat({}));
  const other = await newSigner();
  const config = { plugins: "plugins", trustedKeys: [other.key, TRUSTED.key] };
  await Deno.writeTextFile(place.path("snakepipe.jsonc"), JSON.stringify(config));
  assertStringIncludes((await place.run(["backends"])).out, "it is not signed");
  const bytes = await Deno.readFile(place.path("plugins/sample.wasm"));
  const sign = async (signer: Signer, over: Uint8Array<ArrayBuffer>) => {
    await Deno.writeTextFile(place.path("plugins/sample.wasm.sig"), `${await signer.sign(over)}\n`);
  };
  await sign(STRANGER, bytes);
  assertStringIncludes((await place.run(["backends"])).out, "none of the trusted keys");
  await sign(TRUSTED, bytes.slice(1));
  assertStringIncludes((await place.run(["backends"])).out, "none of the trusted keys");
  await sign(TRUSTED, bytes);
  assertStringIncludes((await place.run(["backends"])).out, "available");
});
