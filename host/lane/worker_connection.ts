/**
 * A connection that lives in a worker with a codec of its own: its end in this thread. Batches cross
 * by transfer, never by copy.
 */
import { isLogged, log } from "../../src/model/log.ts";
import type { BatchKey, KeepRejects, LiveTable, LoadTotals } from "../../src/model/backend.ts";
import type { Batch, BatchRange, TableName } from "../../src/model/batch.ts";
import type { Config } from "../../src/model/config_schema.ts";
import { type LoadError, permissionError, unexpectedError } from "../../src/model/errors.ts";
import { after } from "../../src/model/timer.ts";
import type {
  BatchAnswer,
  BatchOrder,
  Connection,
  LoadOrder,
  LoadRecord,
  PreparedBatch,
  PreparedLoad,
  PreparedRange,
  ProbeAnswer,
  RangeResult,
} from "../drivers/driver.ts";
import type { EncodedImage, ImageOptions } from "../codec/codec.ts";
import { compiledCodec } from "../codec/wasm_module.ts";
import { ImagesAhead } from "./images_ahead.ts";
import {
  type ImageAnswer,
  type LaneMethod,
  type LaneReply,
  type LaneRequest,
  packConfig,
  packError,
  unpackError,
} from "./protocol.ts";

/** How long a worker may take to close its connection before it is ended from outside. */
const CLOSE_TIMEOUT_MS = 10_000;

type Answer = Extract<LaneReply, { kind: "value" }>;

/** Until a batch is written. */
const keepNothing: KeepRejects = () => Promise.resolve();

/** The bundled program has its worker bundled too, and all that it imports beside it. */
const [WORKER, FOLDER] = import.meta.url.endsWith(".ts")
  ? ["./lane_worker.ts", "../../"]
  : ["./lane_worker.js", "./"];
const WORKER_URL = new URL(WORKER, import.meta.url);
/** What a worker reads its modules from. */
const FOLDER_URL = new URL(FOLDER, import.meta.url);

/** A worker that a connection can be opened in. @throws {LoadError} `permission_missing` */
export function newLaneWorker(): Worker {
  try {
    // Else the runtime says it, past us, and ends the program where nobody listens to the worker yet.
    if (FOLDER_URL.protocol === "file:") Deno.statSync(FOLDER_URL);
  } catch (error) {
    const denied = permissionError(error);
    if (denied) throw denied;
  }
  return new Worker(WORKER_URL, { type: "module" });
}

/** A connection that lives in a worker with a codec of its own: its end in this thread. */
export class WorkerConnection implements Connection {
  readonly #worker: Worker;
  readonly #open: PromiseWithResolvers<Answer>[] = [];
  #usable = true;
  /** Where the rejects go of the batch that is being written. */
  #keep = keepNothing;
  #failure: LoadError | undefined;
  /** Makes images of ranges, where the worker takes such. */
  #images: ImagesAhead | undefined;
  #closed: Promise<void> | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener("message", (event: MessageEvent<LaneReply>) => {
      const reply = event.data;
      if (reply.kind === "log") return log(reply.category, reply.text, reply.figures);
      if (reply.kind === "keep") return void this.#hand(reply);
      this.#usable = reply.usable;
      const call = this.#open.shift();
      if (reply.kind === "value") call?.resolve(reply);
      else call?.reject(unpackError(reply.error));
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#usable = false;
      const failure = unexpectedError(new Error(event.message), "A lane's worker failed");
      this.#failure = failure;
      for (const call of this.#open.splice(0)) call.reject(failure);
    });
  }

  /** Opens a connection in that worker, which ends with it. @throws {LoadError} what connecting throws */
  static async open(worker: Worker, family: string, config: Config): Promise<WorkerConnection> {
    const connection = new WorkerConnection(worker);
    try {
      const codec = await compiledCodec();
      const logged = isLogged();
      await connection.#send({ kind: "open", family, config: packConfig(config), codec, logged });
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }

  get usable(): boolean {
    return this.#usable && !this.#closed;
  }

  #send(request: LaneRequest, transfer: Transferable[] = []): Promise<Answer> {
    // A worker that failed answers nothing any more.
    if (this.#failure) return Promise.reject(this.#failure);
    const call = Promise.withResolvers<Answer>();
    this.#open.push(call);
    this.#worker.postMessage(request, transfer);
    return call.promise;
  }

  async #call<T>(method: LaneMethod, args: readonly unknown[]): Promise<T> {
    return (await this.#send({ kind: "call", method, args })).value as T;
  }

  run(statements: readonly string[]): Promise<void> {
    return this.#call("run", [statements]);
  }

  probe(statement: string): Promise<ProbeAnswer> {
    return this.#call("probe", [statement]);
  }

  describeTable(table: TableName): Promise<LiveTable | undefined> {
    return this.#call("describeTable", [table]);
  }

  prepareLoad(order: LoadOrder): Promise<PreparedLoad> {
    return this.#call("prepareLoad", [order]);
  }

  async joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    this.#images = undefined;
    await this.#call("joinLoad", [order, record]);
    const options = await this.#call<ImageOptions | undefined>("imageOptions", []);
    this.#images = options && new ImagesAhead(options);
  }

  readMarks(
    order: LoadOrder,
    record: LoadRecord,
    batch: BatchKey,
  ): Promise<Uint8Array | undefined> {
    return this.#call("readMarks", [order, record, batch]);
  }

  prepareBatch({ recycle, ...batch }: Batch, order: BatchOrder): PreparedBatch {
    const { sequence } = batch;
    const request: LaneRequest = { kind: "prepare", batch, order };
    this.#worker.postMessage(request, [batch.bytes.buffer, batch.offsets.buffer]);
    const whole = (batch: Batch): Batch => recycle ? { ...batch, recycle } : batch;
    return {
      write: async (keep) => {
        this.#keep = keep;
        const { value } = await this.#send({ kind: "write", sequence });
        const { result, batch } = value as BatchAnswer;
        return { result, batch: whole(batch) };
      },
      takeBack: async () => {
        const { value } = await this.#send({ kind: "take_back", sequence });
        return whole((value as BatchAnswer).batch);
      },
    };
  }

  async writesRanges(): Promise<boolean> {
    return this.#images !== undefined || await this.#call("writesRanges", []);
  }

  writeRange(range: BatchRange): Promise<RangeResult> {
    return this.#call("writeRange", [range]);
  }

  prepareRange(range: BatchRange): PreparedRange | undefined {
    const images = this.#images;
    if (!images) return undefined;
    const image = images.make(range);
    return {
      write: async () => await this.#writeImage(range, images, await image),
      takeBack: async () => {
        const made = await image;
        if (made) images.giveBack(made.bytes);
      },
    };
  }

  async #writeImage(
    range: BatchRange,
    images: ImagesAhead,
    image: EncodedImage | undefined,
  ): Promise<RangeResult> {
    if (!image) return { kind: "unwritten" };
    const { value } = await this.#send({ kind: "write_image", range, image }, [image.bytes.buffer]);
    const { result, bytes } = value as ImageAnswer;
    images.giveBack(bytes);
    return result;
  }

  /** Hands rejects on to whoever wrote the batch. */
  async #hand({ sequence, rows }: LaneReply & { kind: "keep" }): Promise<void> {
    let reply: LaneRequest = { kind: "kept" };
    try {
      await this.#keep(sequence, rows);
    } catch (error) {
      reply = { kind: "kept", error: packError(error) };
    }
    this.#worker.postMessage(reply);
  }

  finishLoad(order: LoadOrder, record: LoadRecord, totals: LoadTotals): Promise<void> {
    return this.#call("finishLoad", [order, record, totals]);
  }

  abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    return this.#call("abandonLoad", [order, record]);
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = after(CLOSE_TIMEOUT_MS, late.resolve);
    await Promise.race([this.#call("close", []).catch(() => {}), late.promise]);
    cancel();
    this.#worker.terminate();
  }
}
