/** A load whose shape is planned: what is asked of its connections, and how large its transactions are. */
import type { ExpectedLoad, LoadRequest } from "../../src/model/backend.ts";
import type { LoadPreview } from "../../src/model/load_preview.ts";
import type { Config } from "../../src/model/config_schema.ts";
import { defined } from "../../src/model/defined.ts";
import { LoadError } from "../../src/model/errors.ts";
import type { CheckedPlan } from "../../src/load/plan_cache.ts";
import { type LoadSizes, loadSizes } from "../batch_order/range_size.ts";
import { type PoolShare, withLease } from "../connections/manager.ts";
import type { Driver, LoadOrder } from "../drivers/driver.ts";
import { lanesByDefault } from "../lane/lanes.ts";
import type { LaneCount } from "./plugin_load.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** What a load is planned by. */
export interface PlannedBy extends CheckedPlan {
  readonly plugin: Pick<Plugin, "manifest" | "sha256">;
  readonly driver: Driver;
  /** The driver's settings. */
  readonly config: Config;
  /** Connections that write. */
  readonly lanes: number;
}

/** What its connections are asked, but for what depends on how many there are. */
export type PlannedOrder = Omit<LoadOrder, "concurrent" | "batchRowsMax" | "batchBytesMax">;

/** See {@linkcode PlannedOrder}, and the sizes of its transactions. */
export function plannedLoad(
  request: LoadRequest,
  { plan, hash, plugin, driver, config, lanes }: PlannedBy,
): { readonly order: PlannedOrder; readonly sizes: LoadSizes } {
  const { name, version } = plugin.manifest;
  return {
    order: {
      shape: request.shape,
      plan,
      planHash: hash,
      plugin: { name, version, sha256: plugin.sha256 },
      source: request.source,
      fresh: request.fresh ?? false,
      anyMode: request.anyMode ?? false,
      ...(request.replays === undefined ? {} : { replays: request.replays }),
      sameTable: request.sameTable ?? false,
      run: crypto.randomUUID(),
      rejectTable: request.rejectTable ?? false,
      ...defined({ indexes: request.indexes, nul: request.nul }),
    },
    sizes: loadSizes(request, {
      ranges: driver.ranges?.(config, { shape: request.shape, plan }),
      lanes,
      plan: plan.batch,
    }),
  };
}

/** An upsert's batches must come in order; else, what helps, or what was asked for. */
export function lanesOf(
  { mode, connections, sourceBytes }: ExpectedLoad,
  driver: Driver,
  writers: number,
): LaneCount {
  const wanted = mode === "upsert"
    ? 1
    : connections ?? Math.min(lanesByDefault(driver, sourceBytes), writers);
  return { wanted: Math.min(wanted, driver.writersMax), required: connections !== undefined };
}

/**
 * What a load would find and do. Nothing is changed.
 *
 * @throws {LoadError} as the load would
 */
export async function previewedLoad(
  request: LoadRequest,
  by: PlannedBy & { readonly share: PoolShare },
): Promise<LoadPreview> {
  const { order, sizes: { range, bytes, rows } } = plannedLoad(request, by);
  const limits = { batchRowsMax: rows.value, batchBytesMax: bytes.value };
  const whole = { ...order, ...limits, concurrent: by.lanes > 1 };
  const found = await withLease(by.share, ({ connection }) => {
    if (connection.previewLoad) return connection.previewLoad(whole);
    throw new LoadError(`A load by the driver ${by.driver.family} cannot be looked at beforehand`, {
      code: "usage",
      blame: "host",
    });
  });
  const { earlier, ...rest } = found;
  // A load that was begun goes on with the sizes that it was begun with.
  const ranges = range !== undefined && (earlier?.batchRowsMax ?? rows.value) >= rows.value;
  const kept = earlier && {
    batchRowsMax: earlier.batchRowsMax,
    batchBytesMax: Math.min(earlier.batchBytesMax, bytes.value),
  };
  return {
    ...rest,
    ...(earlier ? { earlier: { ...earlier.record, complete: earlier.complete } } : {}),
    ...limits,
    ...kept,
    ...(ranges ? { rangeBytesMax: range.value } : {}),
    lanes: by.lanes,
  };
}
