/** What discovery tells of backends. */
import type { BackendCapabilities } from "./backend.ts";
import type { ConfigSchema } from "./config_schema.ts";

/** What discovery tells of a backend. */
export interface BackendInfo {
  /** As in `createBackend(type, …)`. */
  readonly type: string;
  /** Version of the plugin or of the implementation. */
  readonly version: string;
  /**
   * `available`; `refused`, a plugin that was not admitted; `quarantined`, one that has failed too often;
   * `draining`, deregistered and still in use.
   */
  readonly status: "available" | "refused" | "quarantined" | "draining";
  /** Why it was refused or quarantined. */
  readonly reason?: string;
  /** URL schemes it answers to. */
  readonly schemes: readonly string[];
  /** Features and limits. */
  readonly capabilities: BackendCapabilities;
  /** Settings that it takes. */
  readonly configSchema: ConfigSchema;
  /** The plugin; absent for backends in TypeScript. */
  readonly plugin?: {
    /** As its manifest names it. */
    readonly name: string;
    /** Where it was loaded from. */
    readonly file: string;
    /** Hash of its bytes, in hex. */
    readonly sha256: string;
    /** The capability functions that it imports. */
    readonly imports: readonly string[];
    /** What the operator has granted to it by name, sorted; absent of one that was not let in. */
    readonly grants?: readonly string[];
    /** Words of SQL that its manifest asks for, by the names of grants; absent where there are none. */
    readonly words?: readonly PluginWord[];
  };
}

/** A word of SQL that a plugin asks for. */
export interface PluginWord {
  /** As it is granted: `type:vector`. */
  readonly grant: string;
  /** As the manifest has it: `vector(#16000)`. */
  readonly written: string;
  /** Whether the operator has granted it. */
  readonly granted: boolean;
}
