/** What may become of a COMMIT on its way, and who counts it. */

/** What becomes of one COMMIT. */
export type CommitFate = "pass" | "lose" | "lose the reply";

/** A proxy that listens. */
export interface CommitProxy extends AsyncDisposable {
  readonly port: number;
  /** COMMITs that did not reach the server. */
  readonly commitsLost: number;
  /** Transactions that are in, which the loader was not told. */
  readonly repliesLost: number;
}
