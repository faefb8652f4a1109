/** A load that a session writes batches of. */
import type { Codec } from "../../codec/codec.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import type { HostTables } from "./host_tables.ts";
import type { TableWatch } from "./table_watch.ts";

/** See the head of this file. */
export interface JoinedLoad {
  readonly host: HostTables;
  readonly codec: Codec;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  /** Watches the target; nothing does where rows go to a table of the load's own. */
  readonly watch: TableWatch | undefined;
}
