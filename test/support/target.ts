/**
 * The databases that every backend test runs against, each fresh and empty, each with a way to look
 * into it that shares no code with the drivers.
 */
import { fromFileUrl } from "@std/path";
import { createHost, type Host, type HostOptions } from "../../mod.ts";
import { FAMILIES } from "../families/families.ts";
import type { FamilySql, TestDatabase, TestFamily } from "../families/family.ts";
import { builtLibrary } from "./built.ts";

/** The folder of the plugins of this repository. */
export const PLUGINS = fromFileUrl(new URL("../../plugins/dist", import.meta.url));

/** A database that a test may fill. */
export interface Target extends TestDatabase, Pick<FamilySql, "hexOf" | "textOf"> {
  /** Backend type. */
  readonly type: string;
  /** How SQL is written for it. */
  readonly sql: FamilySql;
  /** What else is known of databases like it. */
  readonly family: TestFamily;
}

/** A kind of database. */
export interface TargetKind {
  /** Backend type. */
  readonly name: string;
  /** What is known of it. */
  readonly family: TestFamily;
  /** Creates a database, hands it over, and removes it again. */
  use(act: (target: Target) => Promise<void>): Promise<void>;
}

/** Every kind that is tried in this run. */
export const TARGET_KINDS: readonly TargetKind[] = FAMILIES.map((family) => ({
  name: family.plugin,
  family,
  use: (act) => family.withDatabase((database) => act(targetOf(family, database))),
}));

/** The kind of a family, for what is about it alone. @throws {Error} where it is not tried */
export function kindOf(family: string): TargetKind {
  const found = TARGET_KINDS.find((kind) => kind.family.name === family);
  if (!found) throw new Error(`Not tried here: ${family}`);
  return found;
}

/** Creates a host with the plugins of this repository. */
export async function openHost(options: HostOptions = {}): Promise<Host> {
  await builtLibrary();
  return await createHost({ plugins: PLUGINS, ...options });
}

/** A folder that is removed again. */
export async function withFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_" });
  try {
    return await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function targetOf(family: TestFamily, database: TestDatabase): Target {
  const { plugin: type, sql } = family;
  return { ...database, type, family, sql, hexOf: sql.hexOf, textOf: sql.textOf };
}
