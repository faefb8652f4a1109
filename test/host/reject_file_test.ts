import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { RecordFormat, RejectedRow } from "../../src/batch.ts";
import type { LedgerBatch } from "../../src/backend.ts";
import { LoadError } from "../../src/errors.ts";
import { RejectFile } from "../../host/reject_file.ts";
import { withFolder } from "../support/target.ts";

const NDJSON: RecordFormat = { kind: "ndjson" };
const NO_BATCHES = { batches: [] };

function rejected(ordinal: number, record = `{"id":${ordinal}}`): RejectedRow {
  return {
    ordinal,
    part: "a.ndjson",
    line: ordinal + 1,
    column: "id",
    code: "type",
    message: "The value is not of type int32",
    record: new TextEncoder().encode(record),
  };
}

function ledger(...sequences: number[]): { batches: LedgerBatch[] } {
  const counts = { read: 1, committed: 1, superseded: 0, rejected: 0 };
  return {
    batches: sequences.map((sequence) => {
      return { sequence, part: "", byteOffset: 0, byteEnd: 0, contentHash: "", counts };
    }),
  };
}

/** Load, batch and ordinal of every line; the line itself where it is no JSON. */
async function linesOf(path: string): Promise<unknown[]> {
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  return lines.map((line) => {
    try {
      const { load, batch, ordinal } = JSON.parse(line);
      return [load, batch, ordinal];
    } catch {
      return line;
    }
  });
}

function test(name: string, act: (path: string) => Promise<void>): void {
  Deno.test(`reject file ${name}`, () => withFolder((folder) => act(join(folder, "r.ndjson"))));
}

test("keeps rows of two loads, and takes out of one what its ledger lacks", async (path) => {
  {
    await using file = await RejectFile.open(path, { create: true });
    await file.begin({ id: "one", ...NO_BATCHES });
    await file.keep(0, [rejected(1)], NDJSON);
    await file.keep(1, [rejected(7), rejected(8)], NDJSON);
  }
  {
    await using file = await RejectFile.open(path, { create: true });
    await file.begin({ id: "two", ...NO_BATCHES });
    await file.keep(1, [rejected(5)], NDJSON);
  }
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...ledger(0) });
  assertEquals(await linesOf(path), [["one", 0, 1], ["two", 1, 5]]);
  await file.keep(1, [rejected(7)], NDJSON);
  assertEquals(await linesOf(path), [["one", 0, 1], ["two", 1, 5], ["one", 1, 7]]);
});

test("has the rows of a batch once, though its commit failed and it came again", async (path) => {
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...NO_BATCHES });
  await file.keep(0, [rejected(1)], NDJSON);
  await Promise.all([
    file.keep(1, [rejected(4)], NDJSON),
    file.keep(0, [rejected(1), rejected(2)], NDJSON),
  ]);
  assertEquals(await linesOf(path), [["one", 1, 4], ["one", 0, 1], ["one", 0, 2]]);
});

test("takes out the torn line of a load that goes on, and ends that of another", async (path) => {
  await Deno.writeTextFile(path, '{"load":"one","batch":3,"sour');
  {
    await using file = await RejectFile.open(path, { create: true });
    await file.begin({ id: "two", ...NO_BATCHES });
    await file.keep(0, [rejected(0)], NDJSON);
  }
  assertEquals(await linesOf(path), ['{"load":"one","batch":3,"sour', ["two", 0, 0]]);
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...ledger(2) });
  assertEquals(await linesOf(path), [["two", 0, 0]]);
});

test("keeps what somebody spoilt of a batch that is in", async (path) => {
  const spoilt = '{"load":"one","batch":3,"source":"a","ordinal":1,"line":1,"row":{"id":}}';
  await Deno.writeTextFile(path, `${spoilt}\n`);
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...ledger(3) });
  assertEquals(await linesOf(path), [spoilt]);
});

test("is one program's at a time, also once it was replaced", async (path) => {
  const first = await RejectFile.open(path, { create: true });
  const second = () => RejectFile.open(path, { create: true });
  await assertRejects(second, LoadError, "Another load");
  await Deno.writeTextFile(path, "{}\n");
  await first.change(() => "{ }");
  await assertRejects(second, LoadError, "Another load");
  await first[Symbol.asyncDispose]();
  await using again = await second();
  assertEquals(await again.lines(), ["{ }"]);
});

test("that is a link leads to the same file as before, with the same permissions", async (path) => {
  const link = `${path}.link`;
  await Deno.writeTextFile(path, "a\nb\n", { mode: 0o600 });
  await Deno.symlink(path, link);
  await using file = await RejectFile.open(link, { create: false });
  await file.change((line) => line === "a" ? undefined : line);
  assertEquals(await Deno.readTextFile(path), "b\n");
  assertEquals((await Deno.lstat(link)).isSymlink, true);
  if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
});

test("that is missing is told", async (path) => {
  await assertRejects(() => RejectFile.open(path, { create: false }), LoadError, "No such file");
});
