/** What somebody who looked at whether a load would work has found. */

/** One thing that was looked at. */
export interface Finding {
  /** What it is, as a dotted path: `backends.main.clock`, `loads.people`. */
  readonly about: string;
  /** Whether a load would work as it is meant to; `warn` where it would, but not as well. */
  readonly status: "pass" | "warn" | "fail";
  /** What was found, without secrets and row values. */
  readonly message: string;
  /** What to do about it; absent where nothing has to be done. */
  readonly way?: string;
}
