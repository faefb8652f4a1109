/** What `serve` needs of whoever starts it: how a configuration is read, and a load of it made ready. */
import type { ConfigFile } from "../../src/config/config_content.ts";
import type { LoadSettings, NamedLoad } from "../../src/config/load_settings.ts";
import type { Target } from "../../src/config/route.ts";
import type { DatabaseBackend } from "../../src/model/backend.ts";
import type { World } from "../../src/model/world.ts";
import type { Host } from "../host.ts";
import type { HostTerms } from "../host_options.ts";
import type { LoadOptions } from "../load/load.ts";
import type { EventAbout, EventRing } from "../api/event_ring.ts";
import type { BackendView } from "../plugins/backend_view.ts";
import type { Source } from "../sources/source.ts";

/** A load whose settings were read. */
export interface ReadLoad {
  readonly source: Source;
  readonly target: Target;
  readonly options: LoadOptions;
  /** What the user should know of it, once it is done: one sentence each. */
  notes(): readonly string[];
}

/** A configuration that was read, and what the command line makes of it. */
export interface ReadConfiguration {
  readonly config: ConfigFile;
  /** Where plugins come from, which are let in, and where audit records go. */
  readonly terms: HostTerms;
  /** What of the file is not in force, since the command line says otherwise: one sentence each. */
  readonly overruled: readonly string[];
  /** Holds its loads to the backends that there are. @throws {LoadError} `config_invalid` */
  check(backends: BackendView): void;
}

/** What a target is opened with. */
export type OpenSettings = Pick<LoadSettings, "set" | "connections">;

/** What `serve` needs of whoever starts it. */
export interface ServeContext {
  readonly host: Host;
  readonly world: World;
  /** The file of the configuration, which is watched. */
  readonly configFile: string;
  /** Reads it as it is now. @throws {LoadError} with every failing path */
  readConfig(): Promise<ReadConfiguration>;
  /** Finds source, table and target of a load. @throws {LoadError} */
  readLoad(load: NamedLoad, config: ConfigFile): Promise<ReadLoad>;
  /** The backend type of a target, as things are now. @throws {LoadError} `backend_unknown` */
  typeOf(target: Target): string;
  /** Creates the backend of a target and connects it. @throws {LoadError} */
  connect(target: Target, settings: OpenSettings): Promise<DatabaseBackend>;
  /** What has happened lately, for who asks. */
  readonly events: EventRing;
  /** Tells people something, one sentence or several lines, and keeps it among the events. */
  tell(text: string, about: EventAbout): void;
  /** A message without the secrets of a configuration. */
  redact(text: string, config: ConfigFile): string;
}
