/**
 * The worker of a lane: one codec and one connection. Host code only; it ends by itself when it is
 * told to close.
 */
/// <reference lib="deno.worker" />
import { createTextCodec } from "../codec/text_codec.ts";
import { loadDriver } from "../drivers/drivers.ts";
import type { Connection } from "../drivers/driver.ts";
import type { Batch } from "../../src/batch.ts";
import { LoadError } from "../../src/errors.ts";
import { type LaneReply, type LaneRequest, packError, unpackConfig } from "./protocol.ts";

let connection: Connection | undefined;
let turn: Promise<void> = Promise.resolve();

self.addEventListener("message", (event: MessageEvent<LaneRequest>) => {
  turn = turn.then(() => answer(event.data));
});

async function answer(request: LaneRequest): Promise<void> {
  const buffer = batchBuffer(request);
  let reply: LaneReply;
  try {
    const value = await act(request);
    reply = {
      kind: "value",
      value,
      usable: connection?.usable ?? false,
      ...(buffer ? { buffer } : {}),
    };
  } catch (error) {
    reply = { kind: "error", error: packError(error), usable: connection?.usable ?? false };
  }
  self.postMessage(reply, buffer && reply.kind === "value" ? [buffer] : []);
  if (request.kind === "call" && request.method === "close") self.close();
}

/** The buffer that goes back once the batch in it is written. */
function batchBuffer(request: LaneRequest): ArrayBuffer | undefined {
  return request.kind === "call" && request.method === "writeBatch"
    ? (request.args[0] as Batch).bytes.buffer
    : undefined;
}

async function act(request: LaneRequest): Promise<unknown> {
  if (request.kind === "open") {
    const driver = await loadDriver(request.family);
    connection = await driver.connect(unpackConfig(request.config), { codec: createTextCodec() });
    return undefined;
  }
  if (!connection) {
    throw new LoadError("The lane has no connection", { code: "bug", blame: "host" });
  }
  const call = connection[request.method] as (...args: unknown[]) => Promise<unknown>;
  return await call.apply(connection, [...request.args]);
}
