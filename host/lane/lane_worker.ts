/**
 * The worker of a lane: one codec and one connection. Host code only; it ends by itself when it is
 * told to close.
 */
/// <reference lib="deno.worker" />
import { createWasmCodec } from "../codec/wasm_codec.ts";
import { loadDriver } from "../drivers/load_driver.ts";
import type { BatchOrder } from "../drivers/driver.ts";
import type { KeepRejects } from "../../src/model/backend.ts";
import type { Batch } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { rangeOpener } from "../sources/range_bytes.ts";
import { OrderedConnection } from "./ordered_connection.ts";
import {
  type LaneReply,
  type LaneRequest,
  packError,
  unpackConfig,
  unpackError,
} from "./protocol.ts";

type Open = Extract<LaneRequest, { kind: "open" }>;
type Call = Extract<LaneRequest, { kind: "call" }>;

let connection: OrderedConnection | undefined;
/** Rejects that were handed over and are not kept yet. */
let keeping: PromiseWithResolvers<void> | undefined;

self.addEventListener("message", ({ data: request }: MessageEvent<LaneRequest>) => {
  switch (request.kind) {
    case "preload":
      return void preload(request.family);
    case "kept":
      return request.error ? keeping?.reject(unpackError(request.error)) : keeping?.resolve();
    case "open":
      return void answer(request, open(request));
    case "call":
      return void answer(request, call(request));
  }
});

async function preload(family: string): Promise<void> {
  try {
    await (await loadDriver(family)).preload();
  } catch {
    // Opening a connection will say why.
  }
}

async function open({ family, config, codec: module }: Open): Promise<void> {
  const [driver, codec] = await Promise.all([loadDriver(family), createWasmCodec(module)]);
  // Nothing else of this thread waits while a chunk is read.
  const openRange = rangeOpener({ blocking: true });
  const opened = await driver.connect(unpackConfig(config), { codec, openRange });
  connection = new OrderedConnection(opened);
}

async function call(request: Call): Promise<unknown> {
  if (!connection) {
    throw new LoadError("The lane has no connection", { code: "bug", blame: "host" });
  }
  const batch = batchOf(request);
  if (batch) return await connection.writeBatch(...batch, keep);
  const method = connection[request.method] as (...args: unknown[]) => Promise<unknown>;
  return await method.apply(connection, [...request.args]);
}

async function answer(request: Open | Call, result: Promise<unknown>): Promise<void> {
  const [batch] = batchOf(request) ?? [];
  try {
    const value = await result;
    const usable = connection?.usable ?? false;
    reply(
      { kind: "value", value, usable },
      batch ? [batch.bytes.buffer, batch.offsets.buffer] : [],
    );
  } catch (error) {
    reply({ kind: "error", error: packError(error), usable: connection?.usable ?? false }, []);
  }
  if (request.kind === "call" && request.method === "close") self.close();
}

const keep: KeepRejects = (sequence, rows) => {
  keeping = Promise.withResolvers();
  reply({ kind: "keep", sequence, rows }, []);
  return keeping.promise;
};

function batchOf(request: Open | Call): [Batch, BatchOrder] | undefined {
  return request.kind === "call" && request.method === "writeBatch"
    ? request.args as [Batch, BatchOrder]
    : undefined;
}

function reply(message: LaneReply, transfer: Transferable[]): void {
  self.postMessage(message, transfer);
}
