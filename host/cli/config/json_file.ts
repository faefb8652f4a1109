/** JSON files that people write, with comments and commas at the end. */
import { parse as parseJsonc } from "@std/jsonc";
import { type ErrorCode, LoadError, messageOf } from "../../../src/model/errors.ts";
import { readFileText } from "../../platform/file_text.ts";

/** Bytes that are read of one: what is larger is something else, or never ends. */
const BYTES_MAX = 16 * 1024 * 1024;

/**
 * Reads a file. Undefined where it is not there.
 *
 * @throws {LoadError} `code` where it has more than 16 MiB, and with line and column of what cannot be
 * parsed, never the text there
 */
export async function readJsonFile(file: string, code: ErrorCode): Promise<unknown> {
  const text = await readTextFile(file, code);
  if (text === undefined) return undefined;
  try {
    return parseJsonc(text);
  } catch (error) {
    const position = /position (\d+)$/.exec(messageOf(error))?.[1];
    const place = placeOf(text, position === undefined ? text.length : Number(position));
    throw failure(
      `${file}:${place}: Invalid JSON: a quote, comma or bracket is missing or wrong here or before`,
      code,
    );
  }
}

/** Its text, without a byte order mark. Undefined where it is not there. @throws {LoadError} `code` */
export async function readTextFile(file: string, code: ErrorCode): Promise<string | undefined> {
  try {
    return (await readFileText(file, {
      bytesMax: BYTES_MAX,
      tooLarge: () =>
        failure(`Cannot read ${file}: it has more than ${BYTES_MAX / 1024 ** 2} MiB`, code),
    })).replace(/^\ufeff/, "");
  } catch (error) {
    if (error instanceof LoadError) throw error;
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw failure(`Cannot read ${file}: ${reasonOf(error)}`, code);
  }
}

/** Line and column, both from 1. */
function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  return messageOf(error);
}

function failure(message: string, code: ErrorCode): LoadError {
  return new LoadError(message, { code, blame: "config" });
}
