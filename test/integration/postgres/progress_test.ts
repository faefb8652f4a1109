/** How far a load is, while one batch of it takes long. */
import { assert, assertEquals } from "@std/assert";
import type { LoadProgress } from "../../../src/load/loader.ts";
import { rangeOpener } from "../../../host/sources/range_bytes.ts";
import { load, withPlace } from "./range_place.ts";

const ROWS = Array.from({ length: 9_000 }, (_, id) => `{"id":${id},"name":"row ${id}"}\n`).join("");

Deno.test("progress tells the bytes that were read, though the one range of the load is not in yet", () =>
  withPlace(async (place) => {
    await Deno.writeTextFile(place.path, ROWS);
    await place.sql.unsafe("CREATE TABLE told (id bigint PRIMARY KEY, name text)");
    let progress: (() => LoadProgress) | undefined;
    const after: LoadProgress[] = [];
    let loading: ReturnType<typeof load> | undefined;
    await place.sql.begin(async (sql) => {
      // Staging is filled, and nothing can be merged.
      await sql`LOCK TABLE told IN SHARE MODE`;
      loading = load(place, "told", {
        mode: "upsert",
        key: ["id"],
        onStart: (tell) => void (progress = tell),
        onProgress: (progress) => void after.push(progress),
      });
      // The merge waits by then.
      for (let tries = 0; tries < 400; tries++) {
        const waiting =
          await sql`SELECT FROM pg_locks WHERE relation = 'told'::regclass AND NOT granted`;
        if (waiting.length > 0) break;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      const { bytesRead, bytesTotal, rowsCommitted, batches } = progress!();
      assertEquals([bytesRead, bytesTotal], [ROWS.length, ROWS.length]);
      assertEquals([rowsCommitted, batches], [0, 0]);
    });
    assertEquals((await loading!).committed, 9_000);
    assertEquals(after.map(({ bytesRead, rowsCommitted }) => [bytesRead, rowsCommitted]), [
      [ROWS.length, 9_000],
    ]);
    assertEquals(progress!().bytesRead, ROWS.length);
  }));

Deno.test("progress: after each range it counts that range, and not before", () =>
  withPlace(async (place) => {
    await Deno.writeTextFile(place.path, ROWS);
    for (const connections of [1, 2]) {
      const told: number[] = [];
      await load(place, "told", {
        batchBytesMax: 40_000,
        connections,
        fresh: true,
        onProgress: ({ bytesRead }) => void told.push(bytesRead),
      });
      assertEquals(told.at(-1), ROWS.length);
      assert(told[0]! > 0 && told.length > 5, told.join());
      assertEquals(told, told.toSorted((a, b) => a - b));
    }
  }));

Deno.test("progress: whoever reads a range counts its bytes, in a thread of its own or not", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, ROWS);
  const { dev, ino } = await Deno.stat(path);
  for (const blocking of [false, true]) {
    const bytesRead = new Int32Array(new SharedArrayBuffer(4));
    const bytes = await rangeOpener({ blocking })({
      shape: { table: { name: "t" }, columns: [], mode: "append" },
      format: { kind: "ndjson" },
      ...{ sequence: 0, part: "p", byteOffset: 100, byteEnd: 5_000, bytesRead },
      file: { path, device: dev, inode: ino },
    });
    for (let left = 4_900; left > 0;) {
      left -= await bytes!.read(new Uint8Array(Math.min(left, 999)));
    }
    bytes!.close();
    assertEquals(bytesRead[0], 4_900);
  }
  await Deno.remove(path);
});
