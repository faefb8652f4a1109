/** The suite is held to what it promises: it notices quirks that are untrue, and leaves nothing behind. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type CaseName,
  checkConformance,
  conformanceCases,
  LACKING,
  type Quirks,
} from "../../host/conformance/conformance.ts";
import { DRIVER_FAMILIES } from "../../host/drivers/load_driver.ts";
import { ALL_FAMILIES } from "../families/families.ts";
import { kindOf, PLUGINS } from "../support/target.ts";
import { buildPlugins } from "../../tools/build_plugins.ts";
import { buildCodec } from "../../tools/build_codec.ts";

const labelsOf = ({ group, name, way }: CaseName) => [
  `${group}: ${name}`,
  ...(way === undefined ? [] : [`${group}: ${name} (${way})`]),
];

Deno.test("suite: no two cases have one name", () => {
  const names = conformanceCases().map((one) => labelsOf(one).at(-1)!);
  assertEquals(names.filter((name, i) => names.indexOf(name) < i), []);
});

Deno.test("suite: each quirk is of a case, and has a reason", async () => {
  const labels = new Set(conformanceCases().flatMap(labelsOf));
  const all: Quirks[] = ALL_FAMILIES.flatMap(({ variants = [] }) =>
    variants.map(({ quirks = {} }) => quirks)
  );
  for (const { conformance } of DRIVER_FAMILIES) {
    all.push((await conformance()).quirks);
  }
  for (const [label, { why }] of all.flatMap((quirks) => Object.entries(quirks))) {
    assert(labels.has(label), `no such case: ${label}`);
    assert(/^[A-Z].*[^.]$/.test(why), `no reason: ${label}`);
  }
});

Deno.test("suite: by a session of the driver, quirks that are untrue fail, and nothing is left behind", async () => {
  await buildPlugins();
  await buildCodec();
  const kind = kindOf("libsql");
  await kind.use(async (target) => {
    await target.execute("CREATE TABLE mine (id INTEGER); INSERT INTO mine VALUES (1)");
    const outcomes = await checkConformance({
      plugin: `${PLUGINS}/${kind.name}.wasm`,
      settings: target.config,
      groups: ["types", "keys"],
      quirks: {
        // No longer true.
        "types: boolean: true": { is: { read: "1" }, why: "It was so once" },
        // True, and not said.
        "types: uuid: capitals": null,
        // Untrue.
        "types: timestamptz: elsewhere (append, CSV)": { is: LACKING, why: "It has none" },
      },
      words: { looseText: undefined },
    });
    const failed = outcomes.filter(({ kind }) => kind === "failed");
    const found = failed.map(({ name, way }) => `${name} (${way})`);
    const ways = ["append, NDJSON", "upsert, NDJSON", "replace, NDJSON", "append, CSV"];
    const every = (name: string) => [...ways, "append, rows()"].map((way) => `${name} (${way})`);
    assertEquals(
      found.toSorted(),
      [
        ...[...every("boolean: true"), ...every("uuid: capitals")],
        "timestamptz: elsewhere (append, CSV)",
        "keys that are equal in any case are one (undefined)",
      ].toSorted(),
    );
    const messageOf = (name: string) => failed.find((one) => one.name === name)!.message!;
    assertStringIncludes(messageOf("boolean: true"), "no quirk is needed any more");
    assertStringIncludes(messageOf("uuid: capitals"), '"A0EEBC99');
    assertStringIncludes(messageOf("timestamptz: elsewhere"), "as its quirk says");
    assertStringIncludes(messageOf("keys that are equal in any case are one"), LACKING);
    assertEquals(outcomes.filter(({ kind }) => kind === "differs").length, 5);
    assertEquals((await target.query(target.sql.tables)).map(({ name }) => name), ["mine"]);
  });
});
