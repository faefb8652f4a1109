/** A pool of connections, as a backend tells of it. */
export interface PoolStatus {
  /** Where it leads to, without secrets. */
  readonly endpoint: string;
  /** What its connections are for: `control`, questions; `lane`, `small_lane`, the batches of loads. */
  readonly role: string;
  /** Connections that are open. */
  readonly open: number;
  /** Those of them that are in use. */
  readonly leased: number;
}
