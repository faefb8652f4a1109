/**
 * The page of `load --status`: what `serve` has, of one command line and only to look at.
 *
 * Invariants
 * - It ends before the host does: the last that is told is how its loads have ended, and nobody who
 *   listens keeps the program from ending.
 */
import { retryText } from "../../../src/load/retry.ts";
import { realWorld } from "../../../src/model/world.ts";
import type { Listen } from "../../api/access.ts";
import type { ApiActions } from "../../api/actions.ts";
import { pluginStatus } from "../../api/plugin_status.ts";
import { type Api, startApi } from "../../api/server.ts";
import type { Host } from "../../host.ts";
import type { RetryEvent } from "../../host_options.ts";
import { EventRing } from "../../api/event_ring.ts";
import { VERSION } from "../../platform/version.ts";
import { readToken } from "../../serve/token_file.ts";
import { redact } from "../output/redact.ts";
import type { Session } from "../output/output.ts";
import { WatchedLoad } from "./watched_load.ts";

/** How long who listens has to take what is told last. */
const END_MS_MAX = 1_000;

/** Where the page is, and of what. */
export interface StatusPageOptions {
  readonly listen: Listen;
  readonly tokenFile?: string | undefined;
  /** The configuration that was named. */
  readonly config?: string | undefined;
  /** Whether not even its address is told. */
  readonly quiet: boolean;
  readonly session: Session;
}

/** The page of a command that loads. */
export class StatusPage {
  readonly #options: StatusPageOptions;
  readonly #since = new Date().toISOString();
  readonly #events = new EventRing(realWorld);
  readonly #loads: WatchedLoad[] = [];
  #api: Api | undefined;

  /** Begins with no load. */
  constructor(options: StatusPageOptions) {
    this.#options = options;
  }

  /** Tells where it is, and shows what a host does. @throws {LoadError} `usage` where it cannot listen */
  async open(host: Host): Promise<void> {
    const { listen, tokenFile, quiet, session } = this.#options;
    const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
    this.#api = await startApi({
      ...{ listen, names: [], token, bounds: { endMsMax: END_MS_MAX } },
      actions: {
        status: () => this.#status(host),
        metrics: host.metrics,
        obstacles: () => [],
        loads: () => this.#loads.map(({ name }) => name),
        load: (name) => this.#loads.find((load) => load.name === name)?.details,
        backends: () => this.#loads.map(({ target }) => target),
        pastLoads: async (name, question) =>
          await this.#loads.find(({ target }) => target === name)?.pastLoads(question),
        events: this.#events,
      },
    });
    if (!quiet) session.terminal.say(`The load is shown at ${this.#api.address}/`);
  }

  /** One more load. */
  load({ name, source, target }: {
    readonly name: string;
    readonly source: readonly string[];
    readonly target: string;
  }): WatchedLoad {
    const { config, session } = this.#options;
    const load = new WatchedLoad({
      ...{ name, source, target, config, world: realWorld },
      redact: (text) => redact(text, { secrets: session.secrets, everywhere: false }),
      tell: (text) => this.#events.add(text, { kind: "load", load: name, backend: target }),
    });
    this.#loads.push(load);
    return load;
  }

  /** Something is tried again, which concerns every load into that database. */
  retried(retry: RetryEvent): void {
    const text = retryText(retry);
    this.#events.add(`${retry.endpoint}: ${text}`, { kind: "retry" });
    for (const load of this.#loads) {
      if (load.backend?.endpoint === retry.endpoint) load.retried(text);
    }
  }

  /** Tells who listens how it has ended, and ends. A second time does nothing. */
  async close(): Promise<void> {
    await this.#api?.[Symbol.asyncDispose]();
    this.#api = undefined;
  }

  #status(host: Host): ReturnType<ApiActions["status"]> {
    return {
      ...{ program: "load", version: VERSION, pid: Deno.pid, state: "serving" },
      since: this.#since,
      plugins: pluginStatus(host.discoverAvailableBackends()),
      // No two go to the same.
      backends: this.#loads.map(({ backendStatus }) => backendStatus),
      loads: this.#loads.map(({ status }) => status),
    };
  }
}
