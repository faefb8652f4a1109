// How an export ends: with an answer, with nothing to say, or with an error.

import { error_set, length, output_set } from "./host";
import { decimal } from "./json";
import { give } from "./memory";

/** What an export returns when all is well. */
export const OK: i32 = 0;

/** Hands a text to the host as the export's output. Return what it returns. */
export function answer(text: string): i32 {
  const handle = give(text);
  output_set(handle, length(handle));
  return OK;
}

/** Says why the export fails. Return what it returns. */
export function fail(message: string): i32 {
  error_set(give(message));
  return 1;
}

/**
 * Where `throw`, failed assertions and bad indexes end: the message is set as the error, then the
 * call traps. The build makes it the module's abort, so that nothing is imported from `env`.
 */
export function abort(message: string | null, file: string | null, line: u32, _column: u32): void {
  const what = message === null ? "it gave up" : message;
  error_set(give(file === null ? what : what + " (" + file + ":" + decimal(line) + ")"));
  unreachable();
}
