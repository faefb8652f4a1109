// Classes of errors that the driver does not know one by one.

import { classify, ErrorClass, errorCode } from "@snakepipe/kit";

// CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row.
export function classify_error(): i32 {
  const code = errorCode();
  if (code.startsWith("TRANSACTION")) return classify(ErrorClass.Conflict);
  if (code.startsWith("CONSTRAINT") || code.startsWith("CONVERSION") || code == "OUT_OF_RANGE") {
    return classify(ErrorClass.Data);
  }
  return classify(ErrorClass.Fatal);
}
