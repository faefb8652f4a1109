/** The version of this program, as the package says it. */
import manifest from "../../deno.json" with { type: "json" };

/** Semantic version. */
export const VERSION: string = manifest.version;

/** This program and what it runs on, for reports of defects. */
export interface VersionInfo {
  readonly version: string;
  readonly deno: string;
  readonly v8: string;
  /** Processor, vendor and system, as compilers write them. */
  readonly target: string;
}

/** See {@linkcode VersionInfo}. */
export function versionInfo(): VersionInfo {
  const { deno, v8 } = Deno.version;
  return { version: VERSION, deno, v8, target: Deno.build.target };
}
