/** The ledgers of a database, to be looked at. */
import { chooseTarget } from "../../../src/config/route.ts";
import { defined } from "../../../src/model/defined.ts";
import type { DatabaseBackend } from "../../../src/model/backend.ts";
import {
  type PastLoad,
  pastLoadsOf,
  type PastLoadsQuestion,
} from "../../../src/model/past_load.ts";
import { createHost } from "../../host.ts";
import type { LedgerTarget } from "../options/observe_options.ts";
import type { Session } from "../output/output.ts";
import { loadConfigFile, pluginsOf } from "./config_file.ts";
import { exampleTargets, openTarget, placeOfTarget } from "./target.ts";

/** The ledgers of a database. */
export interface Ledgers extends AsyncDisposable {
  /** Where they are, without secrets; undefined where its backend does not say. */
  readonly endpoint: string | undefined;
  /** The newest loads, and whether there are more. Connects where that was not done. @throws {LoadError} */
  loads(question: PastLoadsQuestion): Promise<{
    readonly loads: readonly PastLoad[];
    readonly more: boolean;
  }>;
}

/** How they are opened. */
export interface LedgerOptions {
  /** Whether a connection that fails for a while is tried again; else that is said at once. */
  readonly waits: boolean;
}

/** Finds them. Nothing is changed: no table, and no file, is made. @throws {LoadError} */
export async function openLedgers(
  options: LedgerTarget,
  session: Session,
  { waits }: LedgerOptions,
): Promise<Ledgers> {
  const { to, table, set } = options;
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  const target = chooseTarget(config, {
    table: table ?? "",
    examples: exampleTargets(),
    ...defined({ to }),
  });
  const host = await createHost({
    ...await pluginsOf(options, config),
    readOnly: true,
    ...(waits ? {} : { signal: AbortSignal.abort() }),
  });
  let opened: DatabaseBackend | undefined;
  try {
    return {
      endpoint: placeOfTarget(host, target, { set })?.endpoint,
      loads: async ({ limit, ...question }) => {
        opened ??= await openTarget(host, target, { set });
        // One more tells that there are more.
        const found = await pastLoadsOf(opened, { ...question, limit: limit + 1 });
        return { loads: found.slice(0, limit), more: found.length > limit };
      },
      [Symbol.asyncDispose]: () => host.close(),
    };
  } catch (error) {
    await host.close();
    throw error;
  }
}
