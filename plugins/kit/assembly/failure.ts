// Failures that the driver's own table of codes does not know. Only in classify_error.

import { error_class, error_code } from "./host";
import { OK } from "./entry";
import { take } from "./memory";

/** What kind of failure a code stands for. The numbers are the contract's. */
export enum ErrorClass {
  /** It may pass by itself: the connection, a server that is starting. */
  Transient,
  /** Another transaction was in the way: a deadlock, a lock. */
  Conflict,
  /** A row is at fault. */
  Data,
  /** Nothing helps but somebody who acts. */
  Fatal,
}

/** SQLSTATE, or the name of the result code. */
export function errorCode(): string {
  return take(error_code());
}

/** Says what the failure is. Return what it returns from `classify_error`. */
export function classify(as: ErrorClass): i32 {
  error_class(as);
  return OK;
}
