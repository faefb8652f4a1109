// Result codes by their family, for those that the driver does not know one by one.

import { classify, ErrorClass, errorCode } from "@snakepipe/kit";

// CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row.
export function classify_error(): i32 {
  const code = errorCode();
  if (
    code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED") || code == "SQLITE_PROTOCOL"
  ) {
    return classify(ErrorClass.Conflict);
  }
  if (
    code.startsWith("SQLITE_CONSTRAINT") || code == "SQLITE_MISMATCH" || code == "SQLITE_TOOBIG"
  ) {
    return classify(ErrorClass.Data);
  }
  // The schema changed under a prepared statement, or the way to a server broke.
  if (code == "SQLITE_SCHEMA" || code.startsWith("HRANA_")) return classify(ErrorClass.Transient);
  return classify(ErrorClass.Fatal);
}
