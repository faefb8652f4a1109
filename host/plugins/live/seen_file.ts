/** What is known of a file of a folder that is watched. */
import { SIGNATURE_SUFFIX } from "../store/signature.ts";

/** What is known of a file of the folder. */
export interface SeenFile {
  /** Its size, times and place on the disk, and its signature's; empty where it has to be read again. */
  stamp: string;
  /** When it was first seen as it is, by `performance.now()`. */
  since: number;
  /** `taken`; `refused` until something changes; or to be looked at again. */
  state: "taken" | "refused" | "unsettled";
  /** What it was let in by. */
  terms?: string;
  /** Bytes and predecessor that it was asked for plans with, and could not. */
  failed?: string;
  /** Why it was refused when that was told last. */
  told?: string;
  /** Since when it is gone, by `performance.now()`. */
  goneSince?: number;
}

/** What a file and its signature are on the disk; the time of the file comes last of its part. */
export async function stampOf(file: string): Promise<string> {
  const parts = [file, file + SIGNATURE_SUFFIX].map(async (path) => {
    try {
      const { dev, ino, size, ctime, mtime } = await Deno.lstat(path);
      return [dev, ino, size, ctime?.getTime(), mtime?.getTime()].join(":");
    } catch {
      return "-";
    }
  });
  return (await Promise.all(parts)).join(" ");
}

/** When a file was written that has this stamp, in milliseconds since 1970; 0 where it is not there. */
export function writtenAt(stamp: string): number {
  return Number(/:(\d+)$/.exec(stamp.split(" ")[0]!)?.[1] ?? 0);
}
