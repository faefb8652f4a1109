// Codes by their names, for those that the driver does not know one by one.

import { classify, ErrorClass, errorCode } from "@snakepipe/kit";

// CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row.
export function classify_error(): i32 {
  const code = errorCode();
  if (code.startsWith("ER_LOCK_") || code.startsWith("ER_XA_RB")) return classify(ErrorClass.Conflict);
  if (code.startsWith("ER_WRONG_VALUE") || code.startsWith("ER_INVALID_JSON")) {
    return classify(ErrorClass.Data);
  }
  if (code.startsWith("PROTOCOL_")) return classify(ErrorClass.Transient);
  return classify(ErrorClass.Fatal);
}
