/**
 * The worker of a lane: one codec and one connection. Host code only; it ends by itself when it is
 * told to close.
 */
/// <reference lib="deno.worker" />
import { logTo } from "../../src/model/log.ts";
import { createWasmCodec } from "../codec/wasm_codec.ts";
import { loadDriver } from "../drivers/load_driver.ts";
import type { BatchAnswer, Connection, PreparedBatch } from "../drivers/driver.ts";
import type { KeepRejects } from "../../src/model/backend.ts";
import { LoadError } from "../../src/model/errors.ts";
import { rangeOpener } from "../sources/range_bytes.ts";
import {
  type ImageAnswer,
  type LaneReply,
  type LaneRequest,
  packError,
  unpackConfig,
  unpackError,
} from "./protocol.ts";

type Request<Kind extends LaneRequest["kind"]> = Extract<LaneRequest, { kind: Kind }>;

let opened: Connection | undefined;
/** Batches that are with the connection: the one that is written, and the next. */
const prepared = new Map<number, PreparedBatch>();
/** Rejects that were handed over and are not kept yet. */
let keeping: PromiseWithResolvers<void> | undefined;

self.addEventListener("message", ({ data: request }: MessageEvent<LaneRequest>) => {
  switch (request.kind) {
    case "preload":
      return void preload(request.family);
    case "kept":
      return request.error ? keeping?.reject(unpackError(request.error)) : keeping?.resolve();
    case "prepare":
      return void prepared.set(request.batch.sequence, prepare(request));
    case "open":
      return void answer(open(request));
    case "call":
      return void answer(call(request)).then(() => {
        if (request.method === "close") self.close();
      });
    case "write":
      return void answerBatch(taken(request).write(keep));
    case "write_image":
      return void answer(writeImage(request), ({ bytes }) => [bytes.buffer]);
    case "take_back":
      return void answerBatch(taken(request).takeBack().then((batch) => ({ batch })));
  }
});

async function preload(family: string): Promise<void> {
  try {
    await (await loadDriver(family)).preload();
  } catch {
    // Opening a connection will say why.
  }
}

async function open({ family, config, codec: module, logged }: Request<"open">): Promise<void> {
  if (logged) logTo((category, text, figures) => reply({ kind: "log", category, text, figures }));
  const [driver, codec] = await Promise.all([loadDriver(family), createWasmCodec(module)]);
  // Nothing else of this thread waits while a chunk is read.
  const openRange = rangeOpener({ blocking: true });
  opened = await driver.connect(unpackConfig(config), { codec, openRange });
}

function connection(): Connection {
  if (opened) return opened;
  throw new LoadError("The lane has no connection", { code: "bug", blame: "host" });
}

async function call({ method, args }: Request<"call">): Promise<unknown> {
  const act = connection()[method] as (...args: unknown[]) => Promise<unknown>;
  return await act.apply(opened, [...args]);
}

async function writeImage({ range, image }: Request<"write_image">): Promise<ImageAnswer> {
  return { result: await connection().writeImage!(range, image), bytes: image.bytes };
}

/** What cannot be made ready says so in its turn. */
function prepare({ batch, order }: Request<"prepare">): PreparedBatch {
  try {
    return connection().prepareBatch(batch, order);
  } catch (error) {
    return { write: () => Promise.reject(error), takeBack: () => Promise.resolve(batch) };
  }
}

function taken({ sequence }: Request<"write" | "take_back">): PreparedBatch {
  const batch = prepared.get(sequence)!;
  prepared.delete(sequence);
  return batch;
}

async function answer<T>(
  result: Promise<T>,
  transfer: (value: T) => Transferable[] = () => [],
): Promise<void> {
  try {
    const value = await result;
    reply({ kind: "value", value, usable: opened?.usable ?? false }, transfer(value));
  } catch (error) {
    reply({ kind: "error", error: packError(error), usable: opened?.usable ?? false });
  }
}

function answerBatch(result: Promise<Pick<BatchAnswer, "batch">>): Promise<void> {
  return answer(result, ({ batch: { bytes, offsets } }) => [bytes.buffer, offsets.buffer]);
}

const keep: KeepRejects = (sequence, rows) => {
  keeping = Promise.withResolvers();
  reply({ kind: "keep", sequence, rows });
  return keeping.promise;
};

function reply(message: LaneReply, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}
