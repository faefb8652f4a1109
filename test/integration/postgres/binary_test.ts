/**
 * COPY binary against COPY text: the server's own input functions read the same cells from the text
 * form, and what then stands in the table has to be the same to the last bit.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { type Batch, type Column, rowCount } from "../../../src/model/batch.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import {
  type CopyEncoder,
  type CopyFormat,
  PIECE_HEADROOM,
  type WireType,
} from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { cellRules } from "../../../host/drivers/postgres/names_and_types.ts";
import { Session } from "../../../host/drivers/postgres/session.ts";
import { WIRE_CELLS } from "../../host/codec/binary_cell.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { batch, config, shape } from "./fixture.ts";

const RANDOM_CELLS = 100_000;

await buildCodec();
const codec = await createWasmCodec();
const reference = await createReferenceCodec();

/** Columns of the rows of one type: a number to tell them apart, and the cell. */
function columnsOf(type: Column["type"]): Column[] {
  return [
    { name: "n", type: "int32", nullable: false, key: true },
    { name: "v", type, nullable: true, key: false },
  ];
}

/** Sends a batch, as both codecs write it, to a table of its own. */
async function copyTo(
  session: Session,
  table: string,
  { rows, types, format }: { rows: Batch; types: readonly WireType[]; format: CopyFormat },
): Promise<void> {
  const options = { format, types, ordinal: true, rules: cellRules() };
  const data = dataOf(codec.copy(rows, options));
  assert(dataOf(reference.copy(rows, options)).equals(data), "codecs differ");
  const copy = await session.copyIn(`COPY ${table} FROM STDIN WITH (FORMAT ${format})`);
  const pieces = [new Uint8Array(PIECE_HEADROOM + data.length)];
  pieces[0]!.set(data, PIECE_HEADROOM);
  assertEquals(await copy.send({ next: () => pieces.pop(), failed: false }), rowCount(rows));
}

function dataOf(encoder: CopyEncoder): Buffer {
  const pieces: Uint8Array[] = [];
  for (let piece = encoder.next(); piece !== undefined; piece = encoder.next()) {
    pieces.push(piece.slice(PIECE_HEADROOM));
  }
  assertEquals(encoder.rejects, []);
  return Buffer.concat(pieces);
}

/** Rows that do not stand in both tables alike, as text and as the server sends them in binary. */
async function differences(session: Session, wire: WireType): Promise<unknown> {
  const send = (await session.query(`SELECT typsend FROM pg_type WHERE oid = '${wire}'::regtype`))
    .rows[0]![0];
  const { rows } = await session.query(`
    SELECT n, a.v::text, b.v::text, ${send}(a.v), ${send}(b.v)
    FROM by_text a FULL JOIN by_binary b USING (n)
    WHERE a.n IS NULL OR b.n IS NULL OR a.ordinal IS DISTINCT FROM b.ordinal
      OR a.v::text IS DISTINCT FROM b.v::text OR ${send}(a.v) IS DISTINCT FROM ${send}(b.v)
    LIMIT 5`);
  return rows;
}

for (const [wire, { type, extremes, random }] of Object.entries(WIRE_CELLS)) {
  Deno.test(`binary form of ${wire} is the value that the server reads from the text form`, () =>
    withDatabase(async (_url, _sql, url) => {
      const seed = Date.now();
      const cells = [...extremes, "null", ...fc.sample(random, { numRuns: RANDOM_CELLS, seed })];
      const rows = batch(
        shape("append", columnsOf(type)),
        cells.map((cell, n) => `{"n":${n},"v":${cell}}`),
        { ordinal: 2 ** 40 },
      );
      const types = ["int4", wire as WireType] as const;
      const session = await Session.open(readTarget(config({ url })));
      try {
        for (const format of ["text", "binary"] as const) {
          await session.query(`CREATE TABLE by_${format} (n int4, v ${wire}, ordinal int8)`);
          await copyTo(session, `by_${format}`, { rows, types, format });
        }
        assertEquals(await differences(session, wire as WireType), [], `seed ${seed}`);
        const [[count]] = (await session.query("SELECT count(*) FROM by_binary")).rows as [
          [string],
        ];
        assertEquals(Number(count), cells.length);
      } finally {
        await session.close();
      }
    }));
}
