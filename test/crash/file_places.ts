/** Databases that are files, under trial: each in a folder of its own, or in one that is there already. */
import { join } from "@std/path";
import type { CrashFamily } from "../families/crash_family.ts";
import type { Place } from "./place.ts";

/** What a family of files says of its places; `placeIn` is one in a folder, which outlives it. */
export function filePlaces(
  placeIn: (folder: string) => Place,
): Pick<CrashFamily, "openPlaces" | "placeIn" | "writesFiles"> {
  return {
    writesFiles: true,
    openPlaces({ folder }) {
      let count = 0;
      return Promise.resolve({
        async next() {
          const own = join(folder, `place${++count}`);
          await Deno.mkdir(own);
          return placeIn(own);
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    },
    placeIn(folder) {
      const place = placeIn(folder);
      return Promise.resolve({ place, tableTail: "", [Symbol.asyncDispose]: place.remove });
    },
  };
}

/** Removes those files that are there. */
export async function removeFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
