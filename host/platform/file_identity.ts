/** Which file a path leads to, whatever the path is called and whether or not the file is there yet. */
import { basename, dirname, join, resolve } from "@std/path";

/** Links of which each leads to the next, at the most: as many as systems follow. */
const LINKS_MAX = 40;

/**
 * A name of the file that a path leads to: paths by which the same file is opened, or would be made,
 * have the same. What this process may not look at is known by its path.
 */
export function fileIdentity(path: string, links: number = LINKS_MAX): string {
  const absolute = resolve(path);
  // What may not be read is not asked for: nobody may be there to be asked.
  if (Deno.permissions.querySync({ name: "read", path: absolute }).state !== "granted") {
    return absolute;
  }
  try {
    const { dev, ino } = Deno.statSync(absolute);
    return ino === null ? Deno.realPathSync(absolute) : `${dev}:${ino}`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return absolute;
  }
  try {
    const next = resolve(dirname(absolute), Deno.readLinkSync(absolute));
    if (links > 0) return fileIdentity(next, links - 1);
  } catch {
    // It is no link: it would be made here.
  }
  try {
    return join(Deno.realPathSync(dirname(absolute)), basename(absolute));
  } catch {
    return absolute;
  }
}
