/**
 * Hostile modules: what one is, and the tables of them. A table is `module_<theme>.cases.ts`; the themes
 * are what a module is made of, what it asks of the host, and what it does once it runs.
 */
import { fromFileUrl } from "@std/path";
import type { ErrorCode } from "../../src/model/errors.ts";

/** Layers that may stop a module; `engine` is WebAssembly's own, which is there whatever we do. */
export type ModuleLayer =
  /** Size of the file. */
  | "size"
  /** Reading: the format, features that are not let in, counts that are bounded. */
  | "decoder"
  /** Imports and exports, by name and signature. */
  | "interface"
  /** Validation, compilation, traps, the end of the stack, and Extism's own bounds. */
  | "engine"
  /** Maxima of memory and tables. */
  | "extents"
  | "fuel"
  /** What functions of the host ask of their arguments, of the phase and of the quota. */
  | "host_functions"
  /** The manifest as JSON. */
  | "manifest_text"
  /** The manifest's schema. */
  | "manifest_schema"
  /** Names that belong to others, drivers that are not there. */
  | "registry"
  /** Schema and policy of plans. */
  | "plan"
  /** What the host makes of answers: it asks twice, and knows what a health check may say. */
  | "planner";

/** What a host that takes a plugin at its word would see: aspects of a `ModuleLook`. */
export type HarmAspect =
  /** The processor is kept. */
  | "time"
  /** More memory than a plugin may have. */
  | "memory"
  /** A table that is larger than one may be. */
  | "table"
  /** What it was given that no plugin is. */
  | "imports"
  /** What it did before it was asked anything. */
  | "start"
  /** It went on behind an error of the host. */
  | "caught"
  /** Its counter of fuel is in its own hands. */
  | "counter"
  /** The plan is another than an honest one. */
  | "plan"
  /** It said that it fails, and was believed to have planned. */
  | "returned"
  | "output"
  | "log"
  /** The host fails, or the module traps, which it does once it has got what it wanted. */
  | "error"
  /** Of a manifest: see `manifest_harm.ts`. */
  | "reading"
  | "prototype"
  | "terminal"
  | "issues"
  | "settings"
  | "promises"
  | "keeping";

/** One module that an operator might drop into the folder of plugins. */
export interface ModuleCase {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly what: string;
  /** The file. */
  readonly bytes: () => Uint8Array<ArrayBuffer>;
  /**
   * Where it is stopped: as the folder is read, as a backend of it is created, as rows are loaded, as
   * its health is asked; `nowhere` if what it tries is denied and it works for all that.
   */
  readonly stopped: "folder" | "connect" | "load" | "health" | "nowhere";
  /** The error's code; none where it is stopped nowhere, or in a health check. */
  readonly code?: ErrorCode;
  /**
   * Every layer that stops it when those before it are left out, with words of its reason; the first is
   * the one that stops it. Where it is stopped nowhere, the layer that denies it what it tries.
   */
  readonly refused: Readonly<Partial<Record<ModuleLayer, string>>>;
  /** What it does to a host that takes it at its word; or why that cannot be seen. */
  readonly harm: readonly [HarmAspect, ...HarmAspect[]] | Harmless;
  /** What is run to see the harm, where it is not the file itself. */
  readonly control?: () => Uint8Array<ArrayBuffer>;
  /** The manifest's text, where it is all that is hostile. */
  readonly manifest?: string;
}

/** Why no harm can be seen. */
export interface Harmless {
  /** `engine` where WebAssembly's engine stops it as well, with the words that its layer has in `refused`. */
  readonly none: "engine" | string;
}

/** The hostile modules, by the themes of their tables. */
export async function modulesByTheme(): Promise<ReadonlyMap<string, readonly ModuleCase[]>> {
  const found = [...Deno.readDirSync(fromFileUrl(new URL(".", import.meta.url)))]
    .flatMap(({ name }) => /^module_([a-z]+)\.cases\.ts$/.exec(name)?.[1] ?? []).sort();
  return new Map(
    await Promise.all(found.map(async (theme) => {
      const { cases } = await import(`./module_${theme}.cases.ts`) as {
        cases: readonly ModuleCase[];
      };
      return [theme, cases.map(built)] as const;
    })),
  );
}

/** The layer that stops a case. */
export function stoppingLayer({ refused }: ModuleCase): ModuleLayer {
  return Object.keys(refused)[0] as ModuleLayer;
}

/** A case whose file is made once. */
function built(attack: ModuleCase): ModuleCase {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  return { ...attack, bytes: () => bytes ??= attack.bytes() };
}
