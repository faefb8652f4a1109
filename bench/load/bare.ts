/**
 * snakepipe without a part of itself, so that one sees what the part costs. Nothing of the product
 * knows of it: one is the driver used by hand, the other the program with two modules exchanged by
 * an import map.
 */
import { fromFileUrl, join, toFileUrl } from "@std/path";
import { createHost, type Shape } from "../../mod.ts";
import { PluginBackend } from "../../host/plugins/plugin_backend.ts";
import { wasLeftOut } from "./bare/left_out.ts";
import { connectionRequest } from "../connection_request.ts";
import { type Assignment, type Competitor, jsonFigures } from "./competitor.ts";
import { cacheFolder } from "./dataset_files.ts";
import type { DriverJob } from "./scripts/driver_path.ts";
import { DEFAULT, snakepipe, type SnakepipeWords, urlOf } from "./snakepipe.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const PLUGINS = join(ROOT, "plugins", "dist");
const DRIVER_PATH = fromFileUrl(new URL("./scripts/driver_path.ts", import.meta.url));

/** What each stands for. */
export const BARE = {
  /** The whole program, one connection, from the modules: that is how the others run too. */
  whole: `${DEFAULT}, 1 connection, from its modules`,
  /** Driver, lanes, codec, ledger and hash by hand, with a plan that was made before. */
  driver: `${DEFAULT} by hand, without plugin, policy, registry`,
  /** The program as it is, one connection, without ledger rows, and without content hashes but of ranges. */
  ledger: `${DEFAULT} without ledger and hash`,
} as const;

/** Type of the backend that loads into a family. */
const TYPE_OF = { postgres: "postgresql", libsql: "libsql" } as const;

type Family = keyof typeof TYPE_OF;

/** Both, and the whole that they are compared with. */
export function bareCompetitors(family: Family): readonly Competitor[] {
  return [
    snakepipe(wholeOf(BARE.whole), { side: "bare" }),
    driverPath(family),
    withoutLedger(family),
  ];
}

function wholeOf(name: string): SnakepipeWords {
  return { name, args: ["--connections", "1"], modules: true };
}

function driverPath(family: Family): Competitor {
  const plans = new Map<string, Promise<PlannedShape>>();
  return {
    name: BARE.driver,
    side: "bare",
    command: async (assignment) => {
      const { dataset, ndjson } = assignment.files;
      if (!plans.has(dataset.name)) plans.set(dataset.name, planFor(family, assignment));
      const job: DriverJob = {
        ...await plans.get(dataset.name)!,
        family,
        url: urlOf(assignment.place),
        file: ndjson,
      };
      return { program: Deno.execPath(), args: ["run", "-A", DRIVER_PATH, JSON.stringify(job)] };
    },
    ownFigures: jsonFigures,
  };
}

type PlannedShape = Pick<DriverJob, "shape" | "plan" | "planHash" | "plugin" | "session">;

/** What the plugin plans for the table, asked before anything is timed. */
async function planFor(family: Family, { files, place }: Assignment): Promise<PlannedShape> {
  const { name, columns } = files.dataset;
  const shape: Shape = { table: { name }, columns, mode: "append" };
  await using host = await createHost({ plugins: PLUGINS });
  const backend = await host.createBackend(TYPE_OF[family], { url: urlOf(place) });
  if (!(backend instanceof PluginBackend)) throw new Error(`${family}: no plugin's backend`);
  const { plan, hash: planHash } = await backend.plan(shape);
  const { manifest, sha256 } = backend.plugin;
  const { session } = await connectionRequest(TYPE_OF[family], urlOf(place));
  const plugin = { name: manifest.name, version: manifest.version, sha256 };
  return { shape, plan, planHash, plugin, session };
}

function withoutLedger(family: Family): Competitor {
  const plain = snakepipe(wholeOf(BARE.ledger), { side: "bare" });
  return {
    ...plain,
    command: async (assignment) => {
      const { program, args } = await plain.command(assignment);
      const importMap = await exchangedModules(family);
      return {
        program,
        // Behind `run -A`, before the program.
        args: [...args.slice(0, 2), `--import-map=${importMap}`, ...args.slice(2)],
        env: { SNAKEPIPE_BENCH_ROWS: String(assignment.files.rows) },
      };
    },
    ownFigures: (stdout) => {
      if (!wasLeftOut(stdout)) {
        throw new Error(`${BARE.ledger} left nothing out: see bench/load/bare`);
      }
      return jsonFigures(stdout);
    },
  };
}

/** The project's import map with the two modules exchanged; the new ones still see the old ones. */
async function exchangedModules(family: Family): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
    imports: Record<string, string>;
  };
  const own = (path: string) => toFileUrl(join(ROOT, path)).href;
  const exchanged = {
    [own("host/drivers/sql/ledger.ts")]: own("bench/load/bare/ledger.ts"),
    [own("host/codec/content_hash.ts")]: own("bench/load/bare/content_hash.ts"),
  };
  const kept = Object.fromEntries(Object.keys(exchanged).map((url) => [url, url]));
  const path = join(await cacheFolder(), `without_ledger_${family}.json`);
  await Deno.writeTextFile(
    path,
    JSON.stringify({
      imports: { ...imports, ...exchanged },
      scopes: { [own("bench/load/bare/")]: kept },
    }),
  );
  return path;
}
