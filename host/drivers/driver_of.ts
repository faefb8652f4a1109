/** A family's driver, whose client library and parser are loaded when they are first asked for. */
import type { PlanVerifier } from "../../src/plan_policy/plan_verifier.ts";
import type { Driver } from "./driver.ts";
import type { DriverFamily } from "./driver_family.ts";

/** What the family's folder has to load. */
export interface DriverModules {
  /** `connect.ts`. */
  connect(): Promise<Pick<Driver, "connect">>;
  /** `plan_verifier.ts`. */
  grammar(): Promise<{ loadPlanVerifier(): Promise<PlanVerifier> }>;
  /** `examine.ts`. */
  examine(): Promise<Required<Pick<Driver, "examine">>>;
}

/** What sets a driver apart beside what its family says already. */
export type OwnDriver = Pick<
  Driver,
  | "config"
  | "identifierBytesMax"
  | "writersMax"
  | "endpoint"
  | "tables"
  | "files"
  | "dialect"
  | "ranges"
>;

/** Puts a driver together. */
export function driverOf(
  { name, schemes, blocks, oneThread = false, coresOfLane = 1 }: DriverFamily,
  { connect, grammar, examine }: DriverModules,
  own: OwnDriver,
): Driver {
  return {
    ...own,
    ...{ family: name, schemes, blocks, oneThread, coresOfLane },
    grammar: async () => await (await grammar()).loadPlanVerifier(),
    preload: async () => void (await connect()),
    examine: async (connection, config) => await (await examine()).examine(connection, config),
    connect: async (config, options) => await (await connect()).connect(config, options),
  };
}
