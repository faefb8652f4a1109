/** Where a program of this machine is. */
import { DELIMITER, join } from "@std/path";

/** The first that one of the names leads to, in these folders or those of `PATH`; undefined where none is. */
export function executable(
  names: readonly string[],
  folders: readonly string[] = [],
): string | undefined {
  const all = [...folders, ...(Deno.env.get("PATH") ?? "").split(DELIMITER)];
  return names.flatMap((name) => all.map((folder) => join(folder, name))).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}
