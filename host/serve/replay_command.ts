/** The command that loads the rows which a load has left out, once they are corrected. */
import { resolve } from "@std/path";
import type { Target } from "../../src/config/route.ts";
import type { LoadOptions } from "../load/load.ts";

/** What the command is about. */
export interface ReplayAbout {
  readonly target: Target;
  /** Where a URL leads to, without secrets; the name of a backend says it otherwise. */
  readonly endpoint?: string | undefined;
  readonly options: LoadOptions;
  /** The one to read, where that is not the folder's. */
  readonly configFile?: string | undefined;
}

/**
 * The command, as a shell takes it; undefined where no file keeps the rows, and where it would have to say
 * what nobody may see: the password of a URL.
 */
export function replayCommand(about: ReplayAbout): string | undefined {
  const { target, endpoint, configFile, options } = about;
  const { rejects, table, mode = "append", key = [], bytes } = options;
  const to = target.kind === "named" ? target.name : endpoint;
  if (rejects === undefined || table === undefined || to === undefined) return undefined;
  const words = [
    ...["snakepipe", "rejects", "replay", resolve(rejects)],
    ...(configFile === undefined ? [] : ["--config", configFile]),
    ...["--to", to, "--table", table],
    // What a replace has left out is added to what it has put there.
    ...(mode === "upsert" ? ["--mode", mode, ...key.flatMap((name) => ["--key", name])] : []),
    ...(bytes === undefined ? [] : ["--bytes", bytes]),
  ];
  return words.map(shellWord).join(" ");
}

/** A word that no shell takes for anything else. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
