import type { Codec } from "../../codec/codec.ts";
import type { WatchedLoad, WatchedTable } from "./table_watch.ts";

/** A load that a session writes batches of. */
export interface JoinedLoad extends WatchedLoad {
  readonly codec: Codec;
  /** The target; none where rows go to a table of the load's own. */
  readonly target: WatchedTable | undefined;
}
