/** How large the transactions of a load are, and whose choice it is, stands in its report. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { csv, type LoadOptions, type LoadReport, ndjson } from "../../mod.ts";
import { summaryLines } from "../../host/cli/output/output.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { openHost, TARGET_KINDS, withFolder } from "../support/target.ts";

const ROWS = Array.from({ length: 5 }, (_, id) => `{"id":${id},"v":"value ${id}"}\n`);

interface Place {
  /** Writes so many rows into a file, and loads them. */
  load(file: "rows.ndjson" | "rows.csv", rows: number, options?: LoadOptions): Promise<LoadReport>;
}

function withPlace(kind: typeof TARGET_KINDS[number], act: (place: Place) => Promise<void>) {
  return kind.use((target) =>
    withFolder(async (folder) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      await act({
        load: async (file, count, options = {}) => {
          const path = `${folder}/${file}`;
          const isCsv = file.endsWith(".csv");
          const lines = ROWS.slice(0, count).map((row) =>
            isCsv ? Object.values(JSON.parse(row)).join() + "\n" : row
          );
          await Deno.writeTextFile(path, (isCsv ? "id,v\n" : "") + lines.join(""));
          const source = isCsv ? csv(path) : ndjson(path);
          return await host.load(source, backend, { table: "t", ...options });
        },
      });
    })
  );
}

function told(report: LoadReport): string {
  return summaryLines(report)[0]!.replace(/^.* B, /, "");
}

for (const kind of TARGET_KINDS) {
  Deno.test(`transactions: ${kind.name}: rows of a batch are the user's, or as the load began`, () =>
    withPlace(kind, async ({ load }) => {
      const first = await load("rows.ndjson", 3, { batchRowsMax: 1 });
      assertEquals([first.batches, first.transactions?.rowsMax, first.transactions?.rowsBy], [
        ...[3, 1, "option"],
      ]);
      assertStringIncludes(told(first), "1 row (as asked for)");
      const more = await load("rows.ndjson", 5);
      assertEquals([more.batches, more.transactions?.rowsMax, more.transactions?.rowsBy], [
        ...[2, 1, "earlier_run"],
      ]);
      assertStringIncludes(told(more), "1 row (as the load began)");
      const none = await load("rows.ndjson", 5);
      assertEquals([none.batches, none.transactions], [0, undefined]);
      assertEquals(told(none), "0 batches");
    }));

  Deno.test(`transactions: ${kind.name}: bytes of a batch are the user's, or the plugin's`, () =>
    withPlace(kind, async ({ load }) => {
      const small = await load("rows.csv", 5, { batchBytesMax: 20 });
      assertEquals(small.batches > 1, true);
      assertEquals([small.transactions?.bytesMax, small.transactions?.bytesBy], [20, "option"]);
      assertStringIncludes(told(small), " batches of at most 20 B (as asked for)");
      // What may be left out is never written while it is read, but in one pass from memory.
      const usual = [LIMITS.batchBytesDefault, LIMITS.onePassBytesDefault] as readonly number[];
      const kept = { maxRejects: { kind: "count", rowsMax: 1 }, rejectTable: true } as const;
      const { batches, transactions } = await load("rows.csv", 5, { fresh: true, ...kept });
      const { bytesMax, bytesBy, rowsMax, rowsBy } = transactions!;
      assertEquals([batches, bytesBy, rowsBy], [
        1,
        usual.includes(bytesMax) ? "default" : "plugin",
        rowsMax === LIMITS.batchRowsDefault ? "default" : "plugin",
      ]);
    }));
}
