/** Competitors in JavaScript: a script of this folder, under Deno or Node. */
import { fromFileUrl, join } from "@std/path";
import { stripTypeScriptTypes } from "node:module";
import { type Assignment, type Competitor, jsonFigures, type Place } from "./competitor.ts";
import { cacheFolder } from "./dataset_files.ts";
import { keysOf } from "./dataset.ts";
import type { Job } from "./scripts/job.ts";

const SCRIPTS = fromFileUrl(new URL("./scripts", import.meta.url));

/** A script by the name of its file, without the suffix. */
export function denoScript(
  file: string,
  about: Pick<Competitor, "name"> & Partial<Competitor>,
  options: { readonly csv?: boolean } = {},
): Competitor {
  return {
    side: "others",
    ...about,
    command: (assignment) => ({
      program: Deno.execPath(),
      args: ["run", "-A", join(SCRIPTS, `${file}.ts`), jobOf(assignment, options.csv)],
    }),
    ownFigures: jsonFigures,
  };
}

/** The same under Node. */
export function nodeScript(
  file: string,
  about: Pick<Competitor, "name"> & Partial<Competitor>,
): Competitor {
  return {
    side: "others",
    needs: ["node"],
    ...about,
    command: async (assignment) => ({
      program: "node",
      args: [await withoutTypes(file), jobOf(assignment)],
    }),
    ownFigures: jsonFigures,
  };
}

function jobOf({ files, place }: Assignment, csv = false): string {
  const { name: table, columns } = files.dataset;
  const job: Job = {
    file: csv ? files.csv : files.ndjson,
    table,
    columns: columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
    ...(files.dataset.fills === undefined ? {} : { keys: keysOf(files.dataset) }),
    ...whereOf(place),
  };
  return JSON.stringify(job);
}

function whereOf(place: Place): Pick<Job, "postgres" | "mysql" | "database"> {
  switch (place.kind) {
    case "postgres":
      return { postgres: place.postgres };
    case "mysql":
      return { mysql: place.mysql };
    default:
      return { database: place.database };
  }
}

/**
 * The script and its neighbours as JavaScript, below the project, where Node finds its packages:
 * Node reads TypeScript only from version 22 on.
 */
async function withoutTypes(file: string): Promise<string> {
  const folder = join(await cacheFolder(), "node");
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(SCRIPTS)) {
    const code = stripTypeScriptTypes(await Deno.readTextFile(join(SCRIPTS, name)))
      .replaceAll(/(from "\.\/\w+)\.ts"/g, '$1.mjs"');
    await Deno.writeTextFile(join(folder, name.replace(/\.ts$/, ".mjs")), code);
  }
  return join(folder, `${file}.mjs`);
}
