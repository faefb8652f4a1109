/** The programs of a user that load on this machine, and those that were killed: by their status files. */
import { join } from "@std/path";
import * as v from "valibot";
import { LoadError } from "../../../src/model/errors.ts";
import { isAt } from "../../platform/held_file.ts";
import { readBytes } from "../../platform/plain_file.ts";
import { folderPath, lookAt } from "./status_folder.ts";
import type { ToldProgram } from "./told_program.ts";
import { ToldProgramSchema } from "./told_schema.ts";

/** A thousand loads have half a megabyte. */
const BYTES_MAX = 8 * 1024 * 1024;

/** A program that loads, or was killed as it did. */
export interface SeenProgram {
  /** Its status file. */
  readonly file: string;
  readonly isAlive: boolean;
  readonly status: ToldProgram;
}

/** What was seen. */
export interface SeenPrograms {
  /** The oldest first. */
  readonly programs: readonly SeenProgram[];
  /** Files of other versions, which are not understood. */
  readonly unknown: number;
}

/**
 * Looks which programs of this user load.
 *
 * @throws {LoadError} `permission_missing`; `usage` where the folder is not this user's alone, or the
 * system has no users
 */
export async function seenPrograms(): Promise<SeenPrograms> {
  const path = folderPath();
  if (path === undefined) throw unseen();
  const { fault, missing } = await lookAt(path);
  if (missing) return { programs: [], unknown: 0 };
  if (fault !== undefined) {
    throw new LoadError(
      `Programs tell nothing of their loads in ${path}: ${fault}. Remove it, or name another folder ` +
        "for all of them with SNAKEPIPE_STATUS_DIR",
      { code: "usage", blame: "config" },
    );
  }
  const programs: SeenProgram[] = [];
  let unknown = 0;
  for await (const { name, isFile } of Deno.readDir(path)) {
    if (!isFile || name.startsWith(".") || !name.endsWith(".json")) continue;
    const seen = await see(join(path, name));
    if (seen === "unknown") unknown++;
    else if (seen !== "gone") programs.push(seen);
  }
  programs.sort((a, b) => a.status.since < b.status.since ? -1 : 1);
  return { programs, unknown };
}

/** One look at a file that may be replaced or removed meanwhile. */
async function see(file: string): Promise<SeenProgram | "unknown" | "gone"> {
  for (;;) {
    try {
      using opened = await Deno.open(file);
      const isLocked = !await opened.tryLock(false);
      // What was replaced is locked by nobody.
      if (!isLocked && !await isAt(opened, file)) continue;
      const { size } = await opened.stat();
      const status = size > BYTES_MAX ? undefined : read(await readBytes(opened, size));
      return status ? { file, isAlive: isLocked, status } : "unknown";
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "gone";
      throw error;
    }
  }
}

function read(bytes: Uint8Array): ToldProgram | undefined {
  try {
    const parsed = v.safeParse(ToldProgramSchema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

function unseen(): LoadError {
  if (Deno.build.os === "windows") {
    return new LoadError("Programs that load tell nothing of it on Windows", {
      code: "usage",
      blame: "config",
    });
  }
  return new LoadError(
    "Programs that load cannot be seen: allow --allow-sys=uid, and reading and writing " +
      "/tmp/snakepipe-UID, or the folder that SNAKEPIPE_STATUS_DIR names, with --allow-read, " +
      "--allow-write and --allow-env=SNAKEPIPE_STATUS_DIR",
    { code: "permission_missing", blame: "config" },
  );
}
