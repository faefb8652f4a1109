import type { Call } from "../call.ts";

/** The database's code that is to be classified. */
export function error_code(call: Call): bigint {
  return call.storeText(call.errorCode);
}
