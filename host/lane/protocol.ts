/** What a lane's worker and the thread that owns it say to each other. */
import type { LogCategory, LogFigures } from "../../src/model/log.ts";
import type { Batch, BatchRange, RejectedRow } from "../../src/model/batch.ts";
import type { Blame, ErrorCode, Issue } from "../../src/model/errors.ts";
import { LoadError, partsOf, unexpectedError } from "../../src/model/errors.ts";
import type { Config, ConfigValue } from "../../src/model/config_schema.ts";
import { Secret } from "../../src/model/secret.ts";
import type { EncodedImage } from "../codec/codec.ts";
import type { BatchOrder, Connection, RangeResult } from "../drivers/driver.ts";

/** Calls on a connection that cross over as they are; `close` ends the worker too. */
export type LaneMethod = Exclude<
  keyof Connection,
  "usable" | "pastLoads" | "prepareBatch" | "prepareRange" | "writeImage" | "read"
>;

/** To the worker. `preload`, `kept` and `prepare` are not answered. */
export type LaneRequest =
  | { readonly kind: "preload"; readonly family: string }
  /** The rejects that were handed over last are kept, or why they are not. */
  | { readonly kind: "kept"; readonly error?: PackedError }
  | {
    readonly kind: "open";
    readonly family: string;
    readonly config: PackedConfig;
    readonly codec: WebAssembly.Module;
    /** Whether its lines of the log are wanted. */
    readonly logged: boolean;
  }
  | { readonly kind: "prepare"; readonly batch: Batch; readonly order: BatchOrder }
  /** What is to become of a batch that was prepared; the answer brings it along. */
  | { readonly kind: "write" | "take_back"; readonly sequence: number }
  /** A range whose image was made elsewhere; the answer is an {@linkcode ImageAnswer}. */
  | { readonly kind: "write_image"; readonly range: BatchRange; readonly image: EncodedImage }
  | { readonly kind: "call"; readonly method: LaneMethod; readonly args: readonly unknown[] };

/**
 * From the worker, one for each request, in order. `log` and `keep` come in between; `keep` waits for
 * `kept`.
 */
export type LaneReply =
  | {
    readonly kind: "log";
    readonly category: LogCategory;
    readonly text: string;
    readonly figures: LogFigures;
  }
  | { readonly kind: "keep"; readonly sequence: number; readonly rows: readonly RejectedRow[] }
  | {
    readonly kind: "value";
    readonly value: unknown;
    readonly usable: boolean;
  }
  | { readonly kind: "error"; readonly error: PackedError; readonly usable: boolean };

/** What has become of a range, and the room of its image. */
export interface ImageAnswer {
  readonly result: RangeResult;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Settings that can be cloned: secrets lose their wrapping on the way, and get it back. */
export type PackedConfig = Readonly<
  Record<string, Exclude<ConfigValue, Secret> | { readonly secret: string }>
>;

/** Packs settings for the way. */
export function packConfig(config: Config): PackedConfig {
  return Object.fromEntries(
    Object.entries(config).map((
      [k, value],
    ) => [k, value instanceof Secret ? { secret: value.reveal() } : value]),
  );
}

/** Unpacks settings on arrival. */
export function unpackConfig(packed: PackedConfig): Config {
  return Object.fromEntries(
    Object.entries(packed).map((
      [k, value],
    ) => [k, typeof value === "object" ? new Secret(value.secret) : value]),
  );
}

/** An error that can be cloned. */
export interface PackedError {
  readonly message: string;
  readonly code: ErrorCode;
  readonly blame: Blame;
  readonly retry: boolean;
  readonly vendorCode: string | undefined;
  readonly issues: readonly Issue[];
}

/** Packs whatever was thrown; what is no {@linkcode LoadError} is a bug. */
export function packError(error: unknown): PackedError {
  const known = error instanceof LoadError
    ? error
    : unexpectedError(error, `Unexpected ${error instanceof Error ? error.name : "error"}`);
  const { message, code, blame, retry, vendorCode, issues } = known;
  return { message, code, blame, retry, vendorCode, issues };
}

/** Unpacks an error on arrival. */
export function unpackError(packed: PackedError): LoadError {
  const { message: whole, vendorCode, ...rest } = packed;
  const { message, lines } = partsOf(whole);
  return new LoadError(message, {
    ...rest,
    lines,
    ...(vendorCode === undefined ? {} : { vendorCode }),
  });
}
