/** What an engine that opens database files is to the sessions on it. Everything is synchronous. */
import { HOST_NAME_PREFIX } from "../../../src/plan_policy/slot.ts";
import type { Cell } from "../../codec/codec.ts";

/** The engines, by what they are called in settings. */
export type EngineName = "sqlite" | "libsql";

/** The name of the database that an image is, while one is open. */
export const IMAGE = `${HOST_NAME_PREFIX}image`;

/** A library that opens database files. What its objects throw is a {@linkcode SessionError}. */
export interface Engine {
  readonly name: EngineName;
  /** Opens a file, and makes it where it is missing. @throws whatever the library throws */
  open(path: string): EngineDatabase;
  /** Opens a file for reading; `immutable` where nobody writes to it. @throws whatever the library throws */
  look(path: string, how: { readonly immutable: boolean }): EngineDatabase;
}

/** An open file. */
export interface EngineDatabase {
  readonly inTransaction: boolean;
  /** Runs one statement to its end, and keeps nothing of it. */
  exec(sql: string): void;
  /** Prepares the first statement of a text. */
  prepare(sql: string): EngineStatement;
  /**
   * Opens the image of a database beside the file, under the name {@linkcode IMAGE}; statements that
   * were prepared before are gone. Left out where the engine has no images.
   */
  attach?(image: Uint8Array): void;
  /** Lets go of the file. */
  close(): void;
}

/** A statement that can be run again and again. */
export interface EngineStatement {
  /** Whether it is to be asked for `all`; it may not be `run` then. */
  readonly returnsRows: boolean;
  /** Runs it and returns how many rows it changed. */
  run(args: readonly Cell[]): number;
  /** Runs it to its end and returns its rows. Integers are bigint, blobs are Uint8Array. */
  all(args: readonly Cell[]): Cell[][];
}

/** What a call of an engine's returns. @throws what its error stands for */
export function attempt<T>(call: () => T, failure: (error: unknown) => Error): T {
  try {
    return call();
  } catch (error) {
    throw failure(error);
  }
}
