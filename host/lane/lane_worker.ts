/**
 * The worker of a lane: one codec and one connection. Host code only; it ends by itself when it is
 * told to close.
 */
/// <reference lib="deno.worker" />
import { createWasmCodec } from "../codec/wasm_codec.ts";
import { loadDriver } from "../drivers/drivers.ts";
import type { BatchAnswer, BatchOrder, Connection } from "../drivers/driver.ts";
import type { KeepRejects } from "../../src/backend.ts";
import type { Batch } from "../../src/batch.ts";
import { LoadError } from "../../src/errors.ts";
import {
  type LaneReply,
  type LaneRequest,
  NOT_BEGUN,
  packError,
  unpackConfig,
  unpackError,
} from "./protocol.ts";

/** What waits for its turn. */
type Turn = Exclude<LaneRequest, { kind: "preload" | "kept" }>;

let connection: Connection | undefined;
let turn: Promise<void> = Promise.resolve();
/** The batch that was written last, where nothing has failed since. */
let written: number | undefined;
/** Rejects that were handed over and are not kept yet. */
let keeping: PromiseWithResolvers<void> | undefined;

self.addEventListener("message", (event: MessageEvent<LaneRequest>) => {
  const request = event.data;
  if (request.kind === "preload") return void preload(request.family);
  if (request.kind === "kept") return kept(request);
  const given = batchOf(request);
  if (given) prepare(...given);
  turn = turn.then(() => given && !isNext(given[1]) ? stepBack(given[0]) : answer(request));
});

function isNext({ follows }: BatchOrder): boolean {
  return follows === undefined || follows === written;
}

const keep: KeepRejects = (sequence, rows) => {
  keeping = Promise.withResolvers();
  reply({ kind: "keep", sequence, rows }, []);
  return keeping.promise;
};

function kept({ error }: LaneRequest & { kind: "kept" }): void {
  if (error) keeping?.reject(unpackError(error));
  else keeping?.resolve();
}

async function preload(family: string): Promise<void> {
  try {
    await (await loadDriver(family)).preload();
  } catch {
    // Opening a connection will say why.
  }
}

function prepare(batch: Batch, order: BatchOrder): void {
  try {
    connection?.prepareBatch?.(batch, order);
  } catch {
    // It is thrown again, to whom it concerns, when the batch's turn comes.
  }
}

/** The batch before it was not written: written now, it would overtake that one. */
function stepBack(batch: Batch): void {
  written = undefined;
  const value: BatchAnswer = {
    result: {
      kind: "retry",
      failure: {
        kind: "unavailable",
        code: NOT_BEGUN,
        message: `Batch ${batch.sequence} was not begun, since an earlier one was not written`,
      },
      afterMs: 0,
    },
    batch,
  };
  reply({ kind: "value", value, usable: connection?.usable ?? false }, buffersOf(batch));
}

function reply(message: LaneReply, transfer: Transferable[]): void {
  self.postMessage(message, transfer);
}

async function answer(request: Turn): Promise<void> {
  const given = batchOf(request);
  try {
    const value = await act(request);
    const { result } = given ? value as BatchAnswer : {};
    if (given) written = result?.kind === "written" ? given[0].sequence : undefined;
    const usable = connection?.usable ?? false;
    reply({ kind: "value", value, usable }, given ? buffersOf(given[0]) : []);
  } catch (error) {
    if (given) written = undefined;
    reply({ kind: "error", error: packError(error), usable: connection?.usable ?? false }, []);
  }
  if (request.kind === "call" && request.method === "close") self.close();
}

function batchOf(request: Turn): readonly [Batch, BatchOrder] | undefined {
  return request.kind === "call" && request.method === "writeBatch"
    ? request.args as [Batch, BatchOrder]
    : undefined;
}

function buffersOf({ bytes, offsets }: Batch): Transferable[] {
  return [bytes.buffer, offsets.buffer];
}

async function act(request: Turn): Promise<unknown> {
  if (request.kind === "open") {
    const [driver, codec] = await Promise.all([
      loadDriver(request.family),
      createWasmCodec(request.codec),
    ]);
    connection = await driver.connect(unpackConfig(request.config), { codec });
    return undefined;
  }
  if (!connection) {
    throw new LoadError("The lane has no connection", { code: "bug", blame: "host" });
  }
  const given = batchOf(request);
  if (given) return await connection.writeBatch(...given, keep);
  const call = connection[request.method] as (...args: unknown[]) => Promise<unknown>;
  return await call.apply(connection, [...request.args]);
}
