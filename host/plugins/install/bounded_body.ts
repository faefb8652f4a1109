/** The bytes of a body that somebody else sends: no more than there may be, and not for ever. */
import { LIMITS } from "../../../src/model/limits.ts";
import { after } from "../../../src/model/timer.ts";
import { permissionError } from "../../../src/model/errors.ts";
import { installRefused } from "./refusal.ts";

/** How long a body is waited for. */
export interface PatienceOptions {
  /** Milliseconds for all of it; `LIMITS.downloadMsMax` by default. */
  readonly msMax?: number;
  /** Milliseconds without a byte; `LIMITS.downloadSilenceMsMax` by default. */
  readonly silenceMsMax?: number;
}

/** How it is told that nobody waits any longer. */
export interface PatienceWords {
  /** What it is that takes too long. */
  readonly what: "download" | "upload";
  /** Who sends it. */
  readonly who: "server" | "client";
  /** The way out, with what sets it off; empty where there is none. */
  readonly way: string;
}

/**
 * Reads all of a body. What comes is counted, whatever is said of its size.
 *
 * @throws {LoadError} `install_refused`: `too_large`, unread where its length says so; `too_slow`;
 * `truncated`
 */
export async function boundedBody(
  body: ReadableStream<Uint8Array> | null,
  { length, bytesMax, patience, label }: {
    /** What is said of its length. */
    readonly length: string | null;
    readonly bytesMax: number;
    readonly patience: Patience;
    /** What it is the body of. */
    readonly label: string;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => installRefused("too_large", `${label} has more than ${bytesMax} bytes`);
  if (Number(length ?? 0) > bytesMax) {
    await body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  const stop = () => void reader?.cancel(patience.signal.reason).catch(() => {});
  patience.signal.addEventListener("abort", stop);
  try {
    for (;;) {
      const { value, done } = await reader?.read() ?? { done: true };
      patience.signal.throwIfAborted();
      if (done || !value) break;
      patience.heard();
      size += value.length;
      if (size > bytesMax) throw tooLarge();
      chunks.push(value);
    }
  } catch (error) {
    throw bodyFailure(
      error,
      patience,
      () => installRefused("truncated", `${label} broke off after ${size} bytes`, { cause: error }),
    );
  } finally {
    patience.signal.removeEventListener("abort", stop);
    if (size > bytesMax) await reader?.cancel().catch(() => {});
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** What a transfer ends with: our own word, the deadline, a permission, or what went wrong with it. */
export function bodyFailure(error: unknown, { signal }: Patience, otherwise: () => Error): unknown {
  if (error instanceof Error && error.name === "LoadError") return error;
  const denied = permissionError(error);
  if (denied) return denied;
  return signal.aborted ? installRefused("too_slow", String(signal.reason)) : otherwise();
}

/** How long a body is waited for, all of it and for its next byte. */
export class Patience implements Disposable {
  readonly #abort = new AbortController();
  readonly #silenceMsMax: number;
  readonly #words: PatienceWords;
  readonly #end: () => void;
  #endSilence = () => {};
  #heardAt = performance.now();

  /** Begins to wait. */
  constructor(
    { msMax = LIMITS.downloadMsMax, silenceMsMax = LIMITS.downloadSilenceMsMax }: PatienceOptions,
    words: PatienceWords,
  ) {
    this.#silenceMsMax = silenceMsMax;
    this.#words = words;
    this.#end = after(msMax, () => {
      this.#abort.abort(`the ${words.what} takes more than ${msMax / 1000} s${words.way}`);
    });
    this.#listen(silenceMsMax);
  }

  /** Aborted when it is over, with the reason as a clause. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Something has come. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  /** One timer at a time, however many pieces come. */
  #listen(ms: number): void {
    this.#endSilence = after(ms, () => {
      const left = this.#heardAt + this.#silenceMsMax - performance.now();
      if (left > 0) return this.#listen(left);
      const { who, way } = this.#words;
      this.#abort.abort(`the ${who} has sent nothing for ${this.#silenceMsMax / 1000} s${way}`);
    });
  }

  /** Waits no more. */
  [Symbol.dispose](): void {
    this.#end();
    this.#endSilence();
  }
}
