// SQLSTATEs by their class, for those that the driver does not know one by one.

import { classify, ErrorClass, errorCode } from "@snakepipe/kit";

// CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row.
export function classify_error(): i32 {
  const code = errorCode();
  const family = code.substr(0, 2);
  // 08 connection; 57P operator intervention; 53300 and 53400: too many connections, a limit.
  if (family == "08" || code.startsWith("57P") || code == "53300" || code == "53400") {
    return classify(ErrorClass.Transient);
  }
  // 40 the transaction was rolled back; 55P03 a lock was not to be had.
  if (family == "40" || code == "55P03") return classify(ErrorClass.Conflict);
  // 22 data; 23 integrity.
  if (family == "22" || family == "23") return classify(ErrorClass.Data);
  return classify(ErrorClass.Fatal);
}
