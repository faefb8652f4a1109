/** `snakepipe serve`: a host that stays, and loads what the configuration says whenever it is due. */
import { resolve } from "@std/path";
import { splitLoads, unitOf } from "../../../src/config/destination.ts";
import type { ConfigFile } from "../../../src/config/config_content.ts";
import type { Target } from "../../../src/config/route.ts";
import { defined } from "../../../src/model/defined.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { retryText } from "../../../src/load/retry.ts";
import { aborted, after } from "../../../src/model/timer.ts";
import { realWorld } from "../../../src/model/world.ts";
import { createHost, type Host } from "../../host.ts";
import { endSpareWorkers } from "../../lane/lanes.ts";
import type { Listen } from "../../api/access.ts";
import { checkWatchable } from "../../serve/config_watch.ts";
import { Serve, sizeText } from "../../serve/serve.ts";
import type { ReadConfiguration, ServeContext } from "../../serve/serve_context.ts";
import { EventRing } from "../../api/event_ring.ts";
import { readToken } from "../../serve/token_file.ts";
import { closeHost, listen } from "../loads/command_context.ts";
import { CONFIG_NAME, enterFolder, loadConfigFile, pluginsOf } from "../config/config_file.ts";
import { startDebugLog } from "../output/debug_log.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import type { Interrupt } from "../loads/interrupt.ts";
import { readyLoad } from "../loads/one_load.ts";
import { checkSideBySide, plannedLoads } from "../config/side_by_side.ts";
import type { Session } from "../output/output.ts";
import { redact } from "../output/redact.ts";
import { readServeArguments, type ServeArguments } from "../options/serve_options.ts";
import { openTarget, type TargetSettings, typeOfTarget } from "../config/target.ts";

/** Between health checks: people look at them, and loads wait for what is back. */
const HEALTH_INTERVAL_MS = 5_000;

/** Runs until a signal; 0 where everything was at its end within the deadline. @throws {LoadError} */
export async function serveCommand(args: readonly string[], session: Session): Promise<ExitStatus> {
  const given = readServeArguments(args);
  if (given.help) {
    session.terminal.text(helpOf("serve"));
    return 0;
  }
  await startDebugLog(session.terminal, given.verbose);
  const configFile = resolve(given.config ?? CONFIG_NAME);
  await checkWatchable(configFile);
  const first = await readAgain(configFile, session);
  const options = await inFolder(given, first);
  const token = options.tokenFile === undefined ? undefined : await readToken(options.tokenFile);
  const events = new EventRing(realWorld);
  const tell = teller(session, events, options.quiet);
  using interrupt = listen(session);
  const read = await interpreted(first, options);
  const { config } = read;
  const host = await openHost({ ...options, config: configFile }, read, { tell, interrupt });
  try {
    const context = contextOf(host, { configFile, options, session, events, tell });
    const { names } = options;
    const api = options.listen && { listen: options.listen, names, token };
    const stateFile = options.state ?? configFile.replace(/\.jsonc?$/, "") + ".state";
    const { uploads } = options;
    const serve = await Serve.start(context, { read, stateFile, uploads, ...defined({ api }) });
    tell(`Serving ${configFile}: ${sizeText(config)}`, { kind: "program" });
    await aborted(interrupt.signal);
    return await drained(serve, { options, session, tell });
  } finally {
    await closeHost(host, interrupt);
    endSpareWorkers();
  }
}

type Tell = ServeContext["tell"];

/** Paths of options are told from where the program was started. */
async function inFolder(given: ServeArguments, config: ConfigFile): Promise<ServeArguments> {
  const { plugins, audit, state, tokenFile, listen } = given;
  const socket = listen?.kind === "unix" ? listen.path : undefined;
  const { socket: path, ...paths } = await enterFolder(config, {
    ...{ plugins, audit, state, tokenFile, socket },
  });
  const moved: Listen | undefined = path === undefined ? listen : { kind: "unix", path };
  return { ...given, ...defined(paths), listen: moved };
}

async function readAgain(configFile: string, session: Session): Promise<ConfigFile> {
  const config = await loadConfigFile(configFile);
  // What was a secret is one for as long as messages may have it.
  session.secrets = [...new Set([...session.secrets, ...config.secrets])];
  return config;
}

/** A configuration beside the command line, which says more than it. */
async function interpreted(
  config: ConfigFile,
  options: ServeArguments,
): Promise<ReadConfiguration> {
  const audit = options.audit ?? config.audit;
  const said = [
    ["plugins", options.plugins, config.plugins],
    ["audit", options.audit, config.audit],
    ["locked", options.locked || undefined, config.locked],
  ] as const;
  return {
    config: { ...config, loads: splitLoads(config.loads) },
    terms: { ...await pluginsOf(options, config), ...defined({ audit }) },
    overruled: said.flatMap(([name, option, value]) =>
      option === undefined || value === undefined || isSame(option, value)
        ? []
        : [`${name} of the configuration is not in force: --${name} of the command line is`]
    ),
    check: (backends) => {
      checkSideBySide(plannedLoads(config.loads), { host: backends, config });
    },
  };
}

/** Whether they say the same; a path may be told from where the program was started. */
function isSame(option: string | boolean, value: string | boolean): boolean {
  return typeof option === "string" && typeof value === "string"
    ? resolve(option) === resolve(value)
    : option === value;
}

async function openHost(
  options: ServeArguments & { readonly config: string },
  { terms }: ReadConfiguration,
  { tell, interrupt }: { readonly tell: Tell; readonly interrupt: Interrupt },
): Promise<Host> {
  return await createHost({
    ...terms,
    program: "serve",
    healthIntervalMs: HEALTH_INTERVAL_MS,
    signal: interrupt.signal,
    onRetry: (retry) => tell(`${retry.endpoint}: ${retryText(retry)}`, { kind: "retry" }),
    onBreaker: ({ backend, endpoint, state, detail }) =>
      tell(
        `The circuit breaker of ${backend} (${endpoint}) is ${state.replace("_", " ")}` +
          (detail === undefined ? "" : `: ${detail}`),
        { kind: "breaker" },
      ),
    taken: [
      { path: options.config, what: "the configuration" },
      ...(options.tokenFile === undefined ? [] : [{ path: options.tokenFile, what: "the token" }]),
    ],
  });
}

function contextOf(
  host: Host,
  { configFile, options, session, events, tell }: {
    readonly configFile: string;
    readonly options: ServeArguments;
    readonly session: Session;
    readonly events: EventRing;
    readonly tell: Tell;
  },
): ServeContext {
  return {
    host,
    events,
    world: realWorld,
    configFile,
    readConfig: async () => await interpreted(await readAgain(configFile, session), options),
    readLoad: async (load, config) => {
      const own: Session = { ...session, about: {}, notes: [] };
      const { source, targets, targetSettings, options, skips } = await readyLoad(unitOf(load), {
        config,
        session: own,
      });
      const target = await firstHealthy(host, targets, targetSettings);
      return { source, target, options, notes: () => [...own.notes, ...skips.sentences()] };
    },
    typeOf: (target) => typeOfTarget(host, target),
    connect: (target, { set = {}, connections }) =>
      openTarget(host, target, { set, ...defined({ connections }) }),
    tell,
    redact: (text) => redact(text, { secrets: session.secrets, everywhere: false }),
  };
}

/** The target to load into: asked each time, since what was down may be back. */
async function firstHealthy(
  host: Host,
  targets: readonly Target[],
  settings: TargetSettings,
): Promise<Target> {
  const last = targets.at(-1)!;
  for (const target of targets.slice(0, -1)) {
    try {
      const backend = await openTarget(host, target, settings);
      const { status } = await backend.healthCheck().finally(() => backend.close());
      if (status !== "unhealthy") return target;
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
    }
  }
  return last;
}

/** Ends what is served, or gives it up after the deadline; what is unfinished goes on at the next start. */
async function drained(
  serve: Serve,
  { options, session, tell }: {
    readonly options: ServeArguments;
    readonly session: Session;
    readonly tell: Tell;
  },
): Promise<ExitStatus> {
  const { promise: deadline, resolve } = Promise.withResolvers<false>();
  const cancel = after(options.drainMs, () => resolve(false));
  const isAtEnd = await Promise.race([serve.stop().then(() => true), deadline]);
  cancel();
  tell(
    isAtEnd
      ? "Stopped: what is unfinished goes on at the next start"
      : `Stopped after ${
        options.drainMs / 1000
      } s, with batches in hand that were not committed; ` +
        "what is unfinished goes on at the next start",
    { kind: "program" },
  );
  return isAtEnd ? 0 : session.stopStatus ?? 1;
}

function teller(session: Session, events: EventRing, quiet: boolean): Tell {
  const { terminal, json } = session;
  return (told, about) => {
    const text = redact(told, { secrets: session.secrets, everywhere: false });
    events.add(text, about);
    const time = new Date().toISOString();
    if (json) terminal.json({ time, message: text });
    else if (!quiet) {
      for (const line of text.split("\n")) terminal.say(`${time.slice(0, 19)}Z ${line}`);
    }
  };
}
