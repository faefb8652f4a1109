/**
 * The edges of every type, in every mode, on every family: what goes in comes back, and what does not
 * fit is left out with its code. A family that differs says so among the quirks of its descriptor, with
 * the reason; one that no longer differs fails.
 */
import { assert, assertEquals, assertNotEquals, equal } from "@std/assert";
import { join } from "@std/path";
import { type Column, ndjson, WRITE_MODES } from "../../mod.ts";
import type { MadeType, TypeQuirk } from "../families/family.ts";
import { openHost, TARGET_KINDS, withFolder } from "../support/target.ts";
import { READ, TYPE_CASES, type TypeCase } from "./type_case.ts";

const TYPES = Object.keys(TYPE_CASES) as readonly MadeType[];

/** What is read of each case: a text, null, or what it was refused with. */
type Outcome = TypeCase["is"];

for (const kind of TARGET_KINDS) {
  const quirks: Readonly<Record<string, TypeQuirk>> = kind.family.typeQuirks ?? {};
  for (const mode of WRITE_MODES) {
    Deno.test(`types: ${kind.name}: ${mode}: the edges of each come back, or are refused`, () =>
      kind.use((target) =>
        withFolder(async (folder) => {
          await using host = await openHost();
          const backend = await host.createBackend(target.type, target.config);
          const wrong: string[] = [];
          for (const type of TYPES) {
            const cases = TYPE_CASES[type];
            const [file, rejects] = [
              join(folder, `${type}.ndjson`),
              join(folder, `${type}.rejects`),
            ];
            const lines = cases.map(({ json }, id) => `{"id":${id},"v":${json}}\n`);
            await Deno.writeTextFile(file, lines.join("") + `{"id":${cases.length},"v":null}\n`);
            const table = `of_${type}`;
            const schema: Column[] = [
              { name: "id", type: "int32", nullable: false, key: true },
              { name: "v", type, nullable: true, key: false },
            ];
            const maxRejects = { kind: "count", rowsMax: cases.length } as const;
            const key = mode === "upsert" ? { key: ["id"] } : {};
            const options = { table, mode, schema, maxRejects, rejects, ...key };
            await host.load(ndjson(file), backend, options);
            const refused = await refusedIn(rejects);
            const [sql, normal] = READ[type];
            const rows = await target.query(
              `SELECT ${target.textOf("id")} AS id, ${sql(target.sql, "v")} AS v FROM ${table}`,
            );
            const read = new Map(
              rows.map(({ id, v }) => [Number(id), v === null ? null : normal(v!)]),
            );
            const found = cases.map((_, id): Outcome =>
              refused.has(id) ? { refused: refused.get(id)! } : { read: read.get(id) ?? null }
            );
            for (const [i, { name, is }] of cases.entries()) {
              const expected = quirks[`${type}: ${name}`]?.is ?? is;
              if (!equal(found[i], expected)) {
                wrong.push(`${type}: ${name}: ${shown(found[i])} for ${shown(expected)}`);
              }
            }
            assertEquals(read.get(cases.length), null, `${type}: null`);
          }
          assertEquals(wrong, []);
        })
      ));
  }

  Deno.test(`types: ${kind.name}: each quirk is of a case, differs from it, and has a reason`, () => {
    for (const [name, { is, why }] of Object.entries(quirks)) {
      const [type, of] = name.split(/: (.*)/s) as [MadeType, string];
      const one = TYPE_CASES[type]?.find((one) => one.name === of);
      assert(one, `no such case: ${name}`);
      assert(why.length > 0, `no reason: ${name}`);
      assertNotEquals(is, one!.is, name);
    }
  });
}

/** An outcome in few words: a text of 1 MB is cut. */
function shown(outcome: Outcome | undefined): string {
  return JSON.stringify(outcome).slice(0, 100);
}

/** Codes of the rows that were left out, by their ordinals. */
async function refusedIn(file: string): Promise<ReadonlyMap<number, string>> {
  const text = await Deno.readTextFile(file).catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => {
    const { ordinal, code } = JSON.parse(line) as { ordinal: number; code: string };
    return [ordinal, code];
  }));
}
