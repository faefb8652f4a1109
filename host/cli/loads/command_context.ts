/** What the commands that write into a backend have in common: a host, a backend, and signals. */
import type { DatabaseBackend } from "../../../src/model/backend.ts";
import type { ConfigFile } from "../../../src/config/config_content.ts";
import { nameOfTarget, type Target } from "../../../src/config/route.ts";
import { defined } from "../../../src/model/defined.ts";
import { LoadError, partsOf } from "../../../src/model/errors.ts";
import { retryText } from "../../../src/load/retry.ts";
import { createHost, type Host } from "../../host.ts";
import type { RetryEvent } from "../../host_options.ts";
import type { WantedBackend } from "../../plugins/register_wanted.ts";
import { isSmall } from "../../lane/lanes.ts";
import { CONFIG_NAME, pluginsOf } from "../config/config_file.ts";
import { Interrupt } from "./interrupt.ts";
import type { LoadArguments } from "../options/load_options.ts";
import type { Session } from "../output/output.ts";
import type { StatusPage } from "./status_page.ts";
import { openTarget, type TargetSettings, typeOfTarget } from "../config/target.ts";

/** How long a stopped program takes to say goodbye to a database. */
const CLOSE_GRACE_MS = 1_000;

/** Listens for signals until it is disposed of: the first stops after the batch, or what is in hand else. */
export function listen(session: Session, inHand = "the batch in hand"): Interrupt {
  const interrupt: Interrupt = new Interrupt(() => {
    if (interrupt.status !== undefined) session.stopStatus = interrupt.status;
    session.terminal.say(
      `Stopping after ${inHand}; the same signal again ends the program at once`,
    );
  }, () => session.terminal.clear());
  return interrupt;
}

/** A host for one load or several. @throws {LoadError} */
export async function openHost(
  options: {
    readonly plugins?: string;
    readonly locked: boolean;
    readonly audit?: string;
    readonly config?: string;
    readonly schema?: string;
    /** Files that are read, or `-`. */
    readonly reads?: readonly string[];
    /** What is to be loaded, where it is known. */
    readonly sourceBytes?: number | undefined;
    readonly quiet: boolean;
    /** Whether nothing is to be changed anywhere, nor audited; false by default. */
    readonly readOnly?: boolean;
    /**
     * Where the rows of the one load go: nothing else of the plugins is wanted, and the first
     * connection is one to write by. Left out where there may be several loads.
     */
    readonly target?: Target;
    /** Hears of what is tried again, beside the terminal. */
    readonly onRetry?: (retry: RetryEvent) => void;
  },
  config: ConfigFile,
  { session, interrupt }: { readonly session: Session; readonly interrupt: Interrupt },
): Promise<Host> {
  const { config: configFile = CONFIG_NAME, schema, reads = [] } = options;
  const { readOnly = false } = options;
  const audit = readOnly ? undefined : options.audit ?? config.audit;
  return await createHost({
    ...await pluginsOf(options, config),
    readOnly,
    ...defined({ program: session.command }),
    ...(options.target && {
      wanted: wantedOf(options.target),
      ...(readOnly
        ? {}
        : { firstConnection: isSmall(options.sourceBytes) ? "small_lane" : "lane" }),
    }),
    signal: interrupt.signal,
    onRetry: (retry) => {
      if (!options.quiet) session.terminal.say(retryText(retry));
      options.onRetry?.(retry);
    },
    taken: [
      { path: configFile, what: "the configuration" },
      ...(schema === undefined ? [] : [{ path: schema, what: "the schema" }]),
      ...reads.map((path) => ({ path, what: "the source" })),
    ],
    ...(audit === undefined ? {} : { audit }),
  });
}

/** The page that shows loads while they run, where that was asked for; else nothing of it is imported. */
export async function statusPage(
  { status, tokenFile, config, quiet }: Pick<
    LoadArguments,
    "status" | "tokenFile" | "config" | "quiet"
  >,
  session: Session,
): Promise<StatusPage | undefined> {
  if (!status) return undefined;
  const { StatusPage } = await import("./status_page.ts");
  return new StatusPage({ listen: status, tokenFile, config, quiet, session });
}

function wantedOf(target: Target): WantedBackend {
  return target.kind === "named" ? { type: target.backend.type } : { scheme: target.scheme };
}

/** Connects; where no backend fits, the plugins that were refused may be why. */
export async function openBackend(
  host: Host,
  target: Target,
  { settings, session }: { readonly settings: TargetSettings; readonly session: Session },
): Promise<DatabaseBackend> {
  try {
    const type = typeOfTarget(host, target);
    session.about = { ...session.about, backend: type };
    return await openTarget(host, target, settings);
  } catch (error) {
    if (error instanceof LoadError && error.code === "backend_unknown") {
      session.notes = host.discoverAvailableBackends()
        .filter((info) => info.status === "refused")
        .map(({ plugin, type, reason = "" }) =>
          `Plugin ${plugin?.file ?? type} was refused: ${reason.replaceAll(/\n */g, "; ")}`
        );
    }
    throw error;
  }
}

/**
 * Connects to the first of several targets that is healthy. What was passed over, and why, is left in the
 * notes.
 *
 * @throws {LoadError} what connecting to the last one throws, where none is healthy
 */
export async function openFirst(
  host: Host,
  targets: readonly Target[],
  { settings, session }: { readonly settings: TargetSettings; readonly session: Session },
): Promise<DatabaseBackend> {
  const passed: string[] = [];
  for (const [i, target] of targets.entries()) {
    const isLast = i === targets.length - 1;
    try {
      const backend = await openBackend(host, target, { settings, session });
      const health = isLast ? undefined : await backend.healthCheck();
      if (health?.status !== "unhealthy") {
        if (targets.length > 1) session.notes = [...session.notes, ...passed];
        return backend;
      }
      await backend.close();
      passed.push(
        `${nameOfTarget(target)} was passed over: ${health.detail ?? "it is not healthy"}`,
      );
    } catch (error) {
      if (!(error instanceof LoadError) || error.code === "cancelled" || isLast) throw error;
      passed.push(`${nameOfTarget(target)} was passed over: ${partsOf(error.message).message}`);
    }
  }
  throw new LoadError("A load has no target", { code: "bug", blame: "host" });
}

/** A connection that was still being tried is waited for until its timeout, unless somebody waits. */
export async function closeHost(host: Host, interrupt: Interrupt): Promise<void> {
  const closed = host.close();
  if (interrupt.status === undefined) return await closed;
  const { promise: graceEnded, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSE_GRACE_MS);
  await Promise.race([closed, graceEnded]).finally(() => clearTimeout(timer));
}
