/** snakepipe as its users run it: the program, in a process of its own. */
import { fromFileUrl } from "@std/path";
import { type Competitor, jsonFigures, type Place } from "./competitor.ts";
import { type Dataset, keysOf } from "./dataset.ts";

const PROGRAM = fromFileUrl(new URL("../../host/dist/snakepipe.js", import.meta.url));
const MODULES = fromFileUrl(new URL("../../mod.ts", import.meta.url));

/** Name of snakepipe as it comes. */
export const DEFAULT = "snakepipe";

/** Name of snakepipe that makes indexes when all rows are in. */
export const INDEXES_AFTER = `${DEFAULT}, --indexes after`;

/** What is said to the program beyond source, target and table. */
export interface SnakepipeWords {
  readonly name: string;
  readonly args?: readonly string[];
  /** Reads the CSV file instead of NDJSON. */
  readonly csv?: boolean;
  /** Runs the modules as they are, not their bundle. */
  readonly modules?: boolean;
}

/** A run of the program. */
export function snakepipe(
  { name, args = [], csv = false, modules = false }: SnakepipeWords,
  more: Partial<Pick<Competitor, "side" | "absence" | "variant">> = {},
): Competitor {
  return {
    name,
    side: "ours",
    ...more,
    command: (assignment) => ({
      program: Deno.execPath(),
      args: [
        "run",
        "-A",
        modules ? MODULES : PROGRAM,
        "load",
        csv ? assignment.files.csv : assignment.files.ndjson,
        "--to",
        urlOf(assignment.place),
        "--table",
        assignment.files.dataset.name,
        "--json",
        ...modeWords(assignment.files.dataset),
        ...args,
      ],
    }),
    ownFigures: jsonFigures,
  };
}

/** Rows that are there are updated; others are added. */
function modeWords(dataset: Dataset): readonly string[] {
  if (dataset.fills === undefined) return [];
  return ["--mode", "upsert", ...keysOf(dataset).flatMap((key) => ["--key", key])];
}

/** A target as the option `--to` takes it. */
export function urlOf(place: Place): string {
  return "url" in place ? place.url : `${place.kind}:${place.database}`;
}

/** The settings that this program's backends have, by their type. */
export async function knownSettings(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROGRAM, "backends", "--json"],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("snakepipe backends fails: build it with deno task build");
  const { backends } = JSON.parse(new TextDecoder().decode(stdout)) as {
    backends: { type: string; configSchema: { properties: Record<string, unknown> } }[];
  };
  return Object.fromEntries(
    backends.map((b) => [b.type, Object.keys(b.configSchema.properties)]),
  );
}
