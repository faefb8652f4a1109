/** Bytes from files: PostgreSQL's own hex comes back, every other form has to be said. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  type Column,
  csv,
  LoadError,
  type LoadOptions,
  ndjson,
  rows,
  type Source,
} from "../../mod.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

const SCHEMA: readonly Column[] = [
  { name: "id", type: "int64", nullable: false, key: true },
  { name: "b", type: "bytes", nullable: true, key: false },
];

function hexOf(target: Target): string {
  return target.sql.hexOfBytes("b");
}

for (const kind of TARGET_KINDS) {
  Deno.test(`bytes: ${kind.name}: hex behind a backslash is taken, other forms where they are said`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        await using host = await openHost();
        const backend = await host.createBackend(target.type, target.config);
        const files: [(text: string) => Promise<Source>, string][] = [
          [async (text) => {
            const file = join(folder, "b.csv");
            await Deno.writeTextFile(file, `id,b\n1,${text}\n`);
            return csv(file);
          }, "csv"],
          [async (text) => {
            const file = join(folder, "b.ndjson");
            await Deno.writeTextFile(file, JSON.stringify({ id: 1, b: text }) + "\n");
            return ndjson(file);
          }, "ndjson"],
        ];
        const load = async (source: Source, options: LoadOptions) => {
          await host.load(source, backend, { table: "t", mode: "replace", ...options });
          return (await target.query(`SELECT ${hexOf(target)} AS b FROM t`)).map(({ b }) => b);
        };
        const column = { ...SCHEMA[1]!, bytes: "hex" } as const;
        for (const [source, format] of files) {
          const taken: [string, LoadOptions, string][] = [
            ["\\xDEADbeef", {}, "deadbeef"],
            ["\\x", {}, ""],
            ["\\xdeadbeef", { bytes: "base64" }, "deadbeef"],
            ["abcd", { bytes: "base64" }, "69b71d"],
            ["abcd", { bytes: "hex" }, "abcd"],
            ["abcd", { bytes: "text" }, "61626364"],
            ["abcd", { schema: [SCHEMA[0]!, column], bytes: "base64" }, "abcd"],
          ];
          for (const [text, options, hex] of taken) {
            const label = `${format}: ${text} ${JSON.stringify(options)}`;
            assertEquals(
              await load(await source(text), { schema: SCHEMA, ...options }),
              [hex],
              label,
            );
          }
          for (const text of ["abcd", "3q2+7w==", "\\xabc"]) {
            const refused = () => source(text).then((from) => load(from, { schema: SCHEMA }));
            const { code, issues } = await assertRejects(refused, LoadError);
            assertEquals(code, "rows_rejected");
            assertStringIncludes(issues[0]!.message, "--bytes base64, --bytes hex or --bytes text");
          }
        }
      })
    ));

  Deno.test(`bytes: ${kind.name}: rejects are replayed in the form that is said`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        await using host = await openHost();
        const backend = await host.createBackend(target.type, target.config);
        const file = join(folder, "b.csv");
        const rejects = join(folder, "rejects.ndjson");
        await Deno.writeTextFile(file, "id,b\n1,abcd\n2,\\x00ff\n");
        const { committed } = await host.load(csv(file), backend, {
          table: "t",
          schema: SCHEMA,
          maxRejects: { kind: "count", rowsMax: 1 },
          rejects,
        });
        assertEquals(committed, 1);
        const replay = (options: Pick<LoadOptions, "bytes">) =>
          host.replayRejects(rejects, backend, { table: "t", ...options });
        assertEquals((await replay({})).rejected, 1);
        assertEquals((await replay({ bytes: "base64" })).committed, 1);
        const found = await target.query(`SELECT ${hexOf(target)} AS b FROM t ORDER BY id`);
        assertEquals(found.map(({ b }) => b), ["69b71d", "00ff"]);
      })
    ));

  Deno.test(`bytes: ${kind.name}: rows keep their bytes, and take no text for them`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      const load = (b: unknown, options: LoadOptions = {}) =>
        host.load(rows([{ id: 1, b }]), backend, {
          table: "t",
          mode: "replace",
          schema: SCHEMA,
          ...options,
        });
      for (const bytes of [new Uint8Array([0, 255, 92]), new Uint8Array(0), new ArrayBuffer(3)]) {
        await load(bytes);
        const [found] = await target.query(`SELECT ${hexOf(target)} AS b FROM t`);
        assertEquals(found!.b, new Uint8Array(bytes as ArrayBuffer).toHex());
      }
      const { issues } = await assertRejects(() => load("abcd"), LoadError);
      assertStringIncludes(issues[0]!.message, "--bytes");
      const { code } = await assertRejects(() => load("abcd", { bytes: "text" }), LoadError);
      assertEquals(code, "usage");
    }));
}
