import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { Buffer } from "node:buffer";
import { DatabaseSync } from "node:sqlite";
import type { RecordFormat, RejectedRow } from "../../../src/model/batch.ts";
import type { LedgerBatch } from "../../../src/model/backend.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { type KeptBatch, RejectFile } from "../../../host/rejects/reject_file.ts";
import { batchOfLine } from "../../../host/rejects/reject_line.ts";
import { makePipe } from "../../support/named_pipe.ts";
import { withFolder } from "../../support/target.ts";

const NDJSON: RecordFormat = { kind: "ndjson" };
const NO_BATCHES = { batches: [] };
const LINE = rejectText({ batch: 3 });
const OTHER = rejectText({ batch: 4 });

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

/** A batch of that number; of 100 bytes. */
function kept(sequence: number): KeptBatch {
  const byteOffset = 100 * sequence;
  return { sequence, part: "a.ndjson", byteOffset, byteEnd: byteOffset + 100 };
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
    await file.keep(kept(0), [rejected(1)], NDJSON);
    await file.keep(kept(1), [rejected(7), rejected(8)], NDJSON);
  }
  {
    await using file = await RejectFile.open(path, { create: true });
    await file.begin({ id: "two", ...NO_BATCHES });
    await file.keep(kept(1), [rejected(5)], NDJSON);
  }
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...ledger(0) });
  assertEquals(await linesOf(path), [["one", 0, 1], ["two", 1, 5]]);
  await file.keep(kept(1), [rejected(7)], NDJSON);
  assertEquals(await linesOf(path), [["one", 0, 1], ["two", 1, 5], ["one", 1, 7]]);
});

test("has the rows of a batch once, though its commit failed and it came again", async (path) => {
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...NO_BATCHES });
  await file.keep(kept(0), [rejected(1)], NDJSON);
  await Promise.all([
    file.keep(kept(1), [rejected(4)], NDJSON),
    file.keep(kept(0), [rejected(1), rejected(2)], NDJSON),
  ]);
  assertEquals(await linesOf(path), [["one", 1, 4], ["one", 0, 1], ["one", 0, 2]]);
});

test("takes out what it has of a batch that another run has committed, which has it elsewhere", async (path) => {
  const at = (byteOffset: number): RejectedRow => ({ ...rejected(byteOffset), byteOffset });
  const batch = (sequence: number, run: string): LedgerBatch => ({
    ...kept(sequence),
    run,
    contentHash: "",
    counts: { read: 9, committed: 8, superseded: 0, rejected: 1 },
    leftOut: [sequence * 100 + 10],
  });
  {
    await using file = await RejectFile.open(path, { create: true });
    await file.begin({ id: "one", run: "first", ...NO_BATCHES });
    await file.keep(kept(0), [at(10)], NDJSON);
    await file.keep(kept(1), [at(110)], NDJSON);
  }
  await using file = await RejectFile.open(path, { create: true });
  // It had kept the row of the second batch, and died before it could commit it.
  await file.begin({ id: "one", run: "third", batches: [batch(0, "first"), batch(1, "second")] });
  assertEquals(await linesOf(path), [["one", 0, 10]]);
});

test("takes out what the ledger says is in, and keeps what it left out, whatever the numbers say", async (path) => {
  const at = (byteOffset: number): RejectedRow => ({ ...rejected(byteOffset), byteOffset });
  const inLedger = (sequence: number, part: string, leftOut: readonly number[]): LedgerBatch => ({
    ...kept(sequence),
    part,
    contentHash: "",
    counts: { read: 9, committed: 9 - leftOut.length, superseded: 0, rejected: leftOut.length },
    ...(leftOut.length > 0 ? { leftOut } : {}),
  });
  {
    await using file = await RejectFile.open(path, { create: true });
    await file.begin({ id: "one", ...NO_BATCHES });
    await file.keep(kept(0), [at(10), at(20)], NDJSON);
    await file.keep(kept(1), [at(110)], NDJSON);
    await file.keep(kept(2), [at(210)], NDJSON);
    await file.keep(kept(3), [at(310)], NDJSON);
  }
  await using file = await RejectFile.open(path, { create: true });
  // Of the first batch, one row was taken after all; the second is in under another number, and its
  // own number is that of another part; the third was taken whole; the fourth is not in.
  const batches = [
    inLedger(0, "a.ndjson", [20]),
    { ...inLedger(7, "a.ndjson", [110]), byteOffset: 100, byteEnd: 200 },
    inLedger(1, "b.ndjson", []),
    inLedger(2, "a.ndjson", []),
  ];
  await file.begin({ id: "one", batches });
  assertEquals(await linesOf(path), [["one", 0, 20], ["one", 1, 110]]);
  // A number that an earlier run has used: its lines are not those of this batch.
  const other = { ...kept(1), byteOffset: 300, byteEnd: 400 };
  await file.keep(other, [at(310)], NDJSON);
  await file.keep(kept(4), [at(410)], NDJSON);
  await file.keep(other, [], NDJSON);
  assertEquals(await linesOf(path), [["one", 0, 20], ["one", 1, 110], ["one", 4, 410]]);
});

test("takes out the torn line of a load that goes on, and ends that of another", async (path) => {
  await Deno.writeTextFile(path, '{"load":"one","batch":3,"sour');
  {
    await using file = await RejectFile.open(path, { create: true });
    await file.begin({ id: "two", ...NO_BATCHES });
    await file.keep(kept(0), [rejected(0)], NDJSON);
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

test("states the rejects of a batch again, also where there are none any more", async (path) => {
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...NO_BATCHES });
  await file.keep(kept(0), [rejected(1)], NDJSON);
  await file.keep(kept(1), [rejected(4), rejected(5)], NDJSON);
  await file.keep(kept(1), [rejected(5)], NDJSON);
  assertEquals(await linesOf(path), [["one", 0, 1], ["one", 1, 5]]);
  await file.keep(kept(0), [], NDJSON);
  assertEquals(await linesOf(path), [["one", 1, 5]]);
  await file.keep(kept(1), [], NDJSON);
  assertEquals(await Deno.readTextFile(path), "");
});

test("is one program's at a time, also once it was replaced", async (path) => {
  await Deno.writeTextFile(path, `${LINE}\n`);
  const first = await RejectFile.open(path, { create: true });
  const second = () => RejectFile.open(path, { create: true });
  await assertRejects(second, LoadError, "another load");
  await first.change(() => new TextEncoder().encode(OTHER));
  await assertRejects(second, LoadError, "another load");
  await first[Symbol.asyncDispose]();
  await using _again = await second();
  assertEquals(await Deno.readTextFile(path), `${OTHER}\n`);
});

test("that is a link leads to the same file as before, with the same permissions", async (path) => {
  const link = `${path}.link`;
  await Deno.writeTextFile(path, `${LINE}\n${OTHER}\n`, { mode: 0o640 });
  await Deno.chmod(path, 0o666);
  await Deno.symlink(path, link);
  await using file = await RejectFile.open(link, { create: false });
  await file.change(({ bytes, number }) => number === 1 ? undefined : bytes);
  assertEquals(await Deno.readTextFile(path), `${OTHER}\n`);
  assertEquals((await Deno.lstat(link)).isSymlink, true);
  if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o666);
});

test("that is missing is told", async (path) => {
  await assertRejects(() => RejectFile.open(path, { create: false }), LoadError, "No such file");
});

/** What somebody does to the file while a load runs, and what the load then says. */
const DISTURBANCES: readonly (readonly [string, (path: string) => Promise<void>, string])[] = [
  ["moved", (path) => Deno.rename(path, `${path}.1`), "it was moved while the load ran"],
  ["removed", (path) => Deno.remove(path), "it was removed while the load ran"],
  ["replaced", async (path) => {
    await Deno.rename(path, `${path}.1`);
    await Deno.copyFile(`${path}.1`, path);
  }, "another file was put in its place"],
  ["cut", async (path) => {
    await Deno.copyFile(path, `${path}.1`);
    await Deno.truncate(path, 0);
  }, "it was cut while the load ran"],
  [
    "written to",
    (path) => Deno.writeTextFile(path, "note to myself\n", { append: true }),
    "written",
  ],
];

for (const [name, disturb, message] of DISTURBANCES) {
  test(`that is ${name} stops the load, and nothing goes there any more`, async (path) => {
    await using file = await RejectFile.open(path, { create: true });
    await file.begin({ id: "one", ...NO_BATCHES });
    await file.checkKept();
    for (const batch of [0, 1, 2]) await file.keep(kept(batch), [rejected(batch)], NDJSON);
    await disturb(path);
    const after = await textsBeside(path);
    // Also where the batch has no reject, or is the last one; where it has lines that were to go, from
    // between others or from the end, they stay: what is there by now may be somebody else's.
    for (
      const [batch, rows] of [[3, [rejected(7)]], [3, []], [1, []], [2, [rejected(2)]]] as const
    ) {
      const keeping = () => file.keep(kept(batch), rows, NDJSON);
      const error = await assertRejects(keeping, LoadError, message);
      assertEquals(error.code, "rejects_lost");
      assertStringIncludes(error.message, `Nothing of batch ${batch} was committed`);
      assertEquals(await textsBeside(path), after);
    }
    await assertRejects(() => file.checkKept(), LoadError, message);
    assertEquals(await textsBeside(path), after);
  });
}

test("takes out again what it has written as it was moved away", async (path) => {
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...NO_BATCHES });
  await file.keep(kept(0), [rejected(1)], NDJSON);
  const { syncData } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.syncData = async function () {
    await syncData.call(this);
    assertEquals((await linesOf(path)).length, 2);
    await Deno.rename(path, `${path}.1`);
  };
  try {
    const keeping = file.keep(kept(1), [rejected(2)], NDJSON);
    await assertRejects(() => keeping, LoadError, "it was moved");
  } finally {
    Deno.FsFile.prototype.syncData = syncData;
  }
  assertEquals(await linesOf(`${path}.1`), [["one", 0, 1]]);
});

/** What is no file of rejects, and the line at which that shows. */
const FOREIGN: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  "an image": [crypto.getRandomValues(new Uint8Array(20_000)).map((b, i) => i === 0 ? 0x89 : b), 1],
  "NDJSON": [new TextEncoder().encode('{"id":1}\n{"id":2}\n'), 1],
  "rows that have a load": [new TextEncoder().encode('{"load":"heavy","kg":1}\n'), 1],
  "a text behind rejects": [new TextEncoder().encode(`${rejectText()}\nnotes\n`), 2],
  "bytes that are no UTF-8 behind rejects": [
    Uint8Array.of(...new TextEncoder().encode(`${rejectText()}\n`), 0xff, 0xfe),
    2,
  ],
  "a database": [sqliteBytes(), 1],
  "zeros": [new Uint8Array(4_000_000), 1],
  "one object without an end": [new TextEncoder().encode(`{"a":"${"x".repeat(80_000_000)}`), 1],
};

for (const [name, [bytes, line]] of Object.entries(FOREIGN)) {
  test(`is not ${name}, of which every byte stays`, async (path) => {
    await Deno.writeFile(path, bytes);
    const words = `line ${line} is no line of a file of rejects`;
    for (const create of [true, false]) {
      await assertRejects(() => RejectFile.open(path, { create }), LoadError, words);
    }
    assertEquals(Buffer.compare(await Deno.readFile(path), bytes), 0);
  });
}

test("is no pipe, device, folder, socket or link to nothing, and says so at once", async (path) => {
  await makePipe(path);
  await Deno.mkdir(`${path}.folder`);
  await Deno.symlink(`${path}.gone`, `${path}.nowhere`);
  using _socket = Deno.listen({ transport: "unix", path: `${path}.socket` });
  const kinds: readonly (readonly [string, string])[] = [
    [path, "it is a pipe"],
    ["/dev/full", "it is a device"],
    ["/dev/null", "it is a device"],
    [`${path}.folder`, "it is a folder"],
    [`${path}.nowhere`, "it is a link that leads nowhere"],
    [`${path}.socket`, "it is a socket"],
  ];
  for (const [file, words] of kinds) {
    const error = await assertRejects(
      () => RejectFile.open(file, { create: true }),
      LoadError,
      words,
    );
    assertEquals(error.code, "usage");
  }
});

test("is none of the files in hand, by whatever name, and none is left behind", async (path) => {
  await Deno.writeTextFile(`${path}.source`, "");
  await Deno.link(`${path}.source`, path);
  const taken = [{ path: `${path}.source`, what: "the source" }, {
    path: `${path}.db`,
    what: "the database that rows go to",
  }];
  const open = (name: string) => () => RejectFile.open(name, { create: true, taken });
  await assertRejects(open(path), LoadError, "it is the source");
  await assertRejects(open(`${path}.db`), LoadError, "it is the database that rows go to");
  await assertRejects(() => Deno.stat(`${path}.db`), Deno.errors.NotFound);
});

test("is replaced past every link that lies beside it", async (path) => {
  await Deno.writeTextFile(path, `${LINE}\n${OTHER}\n`);
  await Deno.writeTextFile(`${path}.victim`, "mine");
  await Deno.symlink(`${path}.victim`, `${path}.new`);
  await using file = await RejectFile.open(path, { create: true });
  await file.change(({ bytes, number }) => number === 1 ? undefined : bytes);
  assertEquals(await Deno.readTextFile(path), `${OTHER}\n`);
  assertEquals(await Deno.readTextFile(`${path}.victim`), "mine");
  const names = [...Deno.readDirSync(dirname(path))].map(({ name }) => name).sort();
  assertEquals(names, ["r.ndjson", "r.ndjson.new", "r.ndjson.victim"]);
});

test("keeps every byte of the lines that stay", async (path) => {
  const spoilt = Uint8Array.of(...new TextEncoder().encode(LINE), 0xff, 0x0d);
  const bytes = Uint8Array.of(...spoilt, 0x0a, 0x0a, ...new TextEncoder().encode(`${OTHER}\n`));
  await Deno.writeFile(path, bytes);
  await using file = await RejectFile.open(path, { create: true });
  await file.change(({ bytes, number }) => number === 3 ? undefined : bytes);
  assertEquals(await Deno.readFile(path), Uint8Array.of(...spoilt, 0x0a));
});

test("may be larger than any text can be", async (path) => {
  const row = JSON.stringify("x".repeat(100_000));
  const piece = new TextEncoder().encode(
    Array.from(
      { length: 100 },
      (_, i) => rejectText({ batch: i, row: `{"a":${row}}` }) + "\n",
    ).join(""),
  );
  {
    using file = await Deno.open(path, { create: true, append: true });
    for (let size = 0; size < 560_000_000; size += piece.length) await file.write(piece);
  }
  await using file = await RejectFile.open(path, { create: true });
  await file.begin({ id: "one", ...ledger(...Array.from({ length: 99 }, (_, i) => i)) });
  await file.keep(kept(99), [rejected(1)], NDJSON);
  const counts = new Map<number, number>();
  for await (const lines of file.lines()) {
    for (const { bytes } of lines) {
      const { batch } = batchOfLine(bytes)!;
      counts.set(batch, (counts.get(batch) ?? 0) + 1);
    }
  }
  assertEquals([counts.size, counts.get(0), counts.get(98), counts.get(99)], [100, 56, 56, 1]);
});

function rejectText({ batch = 0, row = '{"id":1}' } = {}): string {
  return `{"load":"one","batch":${batch},"source":"a","ordinal":1,"line":2,"code":"type",` +
    `"message":"m","attempt":1,"row":${row}}`;
}

function sqliteBytes(): Uint8Array {
  using folder = new DatabaseSync(":memory:");
  folder.exec("CREATE TABLE t (id)");
  return folder.serialize();
}

/** Everything in the folder, by its name. */
async function textsBeside(path: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const { name } of Deno.readDir(dirname(path))) {
    texts[name] = await Deno.readTextFile(join(dirname(path), name));
  }
  return texts;
}
