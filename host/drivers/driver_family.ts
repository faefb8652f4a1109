import type { FamilyConformance } from "./family_conformance.ts";
import type { Driver } from "./driver.ts";

/**
 * What is known of a family of databases before its driver is loaded: plain data, and how to load
 * it. Each family exports one from the `about.ts` of its folder.
 */
export interface DriverFamily {
  /** The word that manifests name, and its folder. */
  readonly name: string;
  /** URL schemes that its `url` setting takes, the usual one first. */
  readonly schemes: readonly string[];
  /** Words that people use for its databases and that are no scheme; none by default. */
  readonly otherNames?: readonly string[];
  /** A target of each kind that it has, for people who look for the form: no secret in it. */
  readonly examples: readonly [string, ...string[]];
  /**
   * Whether its client library holds the thread while the database works: its lanes then have workers
   * of their own, so that the event loop stays free.
   */
  readonly blocks: boolean;
  /** See `Driver.oneThread`; false by default. */
  readonly oneThread?: boolean;
  /** Cores that one of several connections keeps busy, here and in its server; 1 by default. */
  readonly coresOfLane?: number;
  /** Packages that nothing but its folder imports: client libraries and parsers. */
  readonly packages: readonly string[];
  /**
   * Of those, the packages with native code or with files beside their modules, which therefore stay
   * outside of the bundled program, and the names that are imported of each; none by default.
   */
  readonly unbundled?: Readonly<Record<string, readonly string[]>>;
  /**
   * Of those, the packages that are one module of Emscripten's, which reads its WebAssembly from beside
   * it: the name of the function that it defines. None by default.
   */
  readonly compiled?: Readonly<Record<string, string>>;
  /**
   * Of the bundled program: modules of the family's folder in the place of Node's that a package imports,
   * each of which costs some milliseconds of a start. None by default.
   */
  readonly standIns?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Loads the driver. It loads its client library only with the first connection. */
  load(): Promise<Driver>;
  /** Loads what the conformance suite has to know of it. */
  conformance(): Promise<FamilyConformance>;
}
