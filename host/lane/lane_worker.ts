/**
 * The worker of a lane: one codec and one connection. Host code only; it ends by itself when it is
 * told to close.
 */
/// <reference lib="deno.worker" />
import { createWasmCodec } from "../codec/wasm_codec.ts";
import { loadDriver } from "../drivers/drivers.ts";
import type { Connection } from "../drivers/driver.ts";
import type { WriteResult } from "../../src/backend.ts";
import type { Batch } from "../../src/batch.ts";
import { LoadError } from "../../src/errors.ts";
import { type LaneReply, type LaneRequest, packError, unpackConfig } from "./protocol.ts";

let connection: Connection | undefined;
let turn: Promise<void> = Promise.resolve();
/** Batches that were not written so far. */
let unwritten = 0;

self.addEventListener("message", (event: MessageEvent<LaneRequest>) => {
  const request = event.data;
  if (request.kind === "preload") return void preload(request.family);
  const batch = batchOf(request);
  if (batch) prepare(batch);
  const before = unwritten;
  turn = turn.then(() => batch && unwritten > before ? stepBack(batch) : answer(request));
});

async function preload(family: string): Promise<void> {
  try {
    await (await loadDriver(family)).preload();
  } catch {
    // Opening a connection will say why.
  }
}

function prepare(batch: Batch): void {
  try {
    connection?.prepareBatch?.(batch);
  } catch {
    // It is thrown again, to whom it concerns, when the batch's turn comes.
  }
}

/** A batch that came while the one before it failed: written now, it would overtake that one. */
function stepBack(batch: Batch): void {
  const value: WriteResult = {
    kind: "retry",
    failure: {
      kind: "unavailable",
      code: "NOT_BEGUN",
      message: `Batch ${batch.sequence} was not begun, since an earlier one was not written`,
    },
    afterMs: 0,
  };
  const buffer = batch.bytes.buffer;
  reply({ kind: "value", value, usable: connection?.usable ?? false, buffer }, [buffer]);
}

function reply(message: LaneReply, transfer: Transferable[]): void {
  self.postMessage(message, transfer);
}

async function answer(request: Exclude<LaneRequest, { kind: "preload" }>): Promise<void> {
  const batch = batchOf(request);
  try {
    const value = await act(request);
    if (batch && (value as WriteResult).kind !== "written") unwritten++;
    const usable = connection?.usable ?? false;
    const buffer = batch?.bytes.buffer;
    reply(
      { kind: "value", value, usable, ...(buffer ? { buffer } : {}) },
      buffer ? [buffer] : [],
    );
  } catch (error) {
    if (batch) unwritten++;
    reply({ kind: "error", error: packError(error), usable: connection?.usable ?? false }, []);
  }
  if (request.kind === "call" && request.method === "close") self.close();
}

function batchOf(request: LaneRequest): Batch | undefined {
  return request.kind === "call" && request.method === "writeBatch"
    ? request.args[0] as Batch
    : undefined;
}

async function act(request: Exclude<LaneRequest, { kind: "preload" }>): Promise<unknown> {
  if (request.kind === "open") {
    const [driver, codec] = await Promise.all([loadDriver(request.family), createWasmCodec()]);
    connection = await driver.connect(unpackConfig(request.config), { codec });
    return undefined;
  }
  if (!connection) {
    throw new LoadError("The lane has no connection", { code: "bug", blame: "host" });
  }
  const call = connection[request.method] as (...args: unknown[]) => Promise<unknown>;
  return await call.apply(connection, [...request.args]);
}
