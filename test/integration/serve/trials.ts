/** What a `serve` has to get over, short in the tests and long in `deno task test:serve`. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { grant } from "../../../host/plugins/store/admission.ts";
import { counted } from "../../../src/model/counted.ts";
import { Random } from "../../crash/random.ts";
import { eventually } from "../../support/eventually.ts";
import { cpuMsOf } from "../../support/process_figures.ts";
import { makePipe } from "../../support/named_pipe.ts";
import { variantOf } from "../../support/plugin_variant.ts";
import { PLUGINS, type Target } from "../../support/target.ts";
import { rowsFrom, type RunningServe, ServeFolder } from "./serve_program.ts";

/** Rows of a chunk that is fed to a load. */
const CHUNK_ROWS = 200;

/** What is to be got over. */
export interface ReplaceTrial {
  /** Files that take the place of the plugin. */
  readonly replacements: number;
  /** Configurations that take the place of the one before. */
  readonly reloads: number;
  /** Rows of the load that runs meanwhile, at the least. */
  readonly rowsMin: number;
  /** Between two batches, at the most, in milliseconds. */
  readonly gapMsMax: number;
}

/** What came of it, for who measures. */
export interface ReplaceFigures {
  readonly rows: number;
  readonly batches: number;
  /** The longest time between two batches, in milliseconds. */
  readonly gapMs: number;
  /** From the last byte, which is that of the grant, to the replacement, in milliseconds, sorted. */
  readonly takenMs: readonly number[];
  readonly seconds: number;
}

/** Replaces a plugin while nothing runs; how long each has taken, as above, and what CPU all of them. */
export async function replaceIdle(
  target: Target,
  { replacements }: Pick<ReplaceTrial, "replacements">,
): Promise<{ readonly takenMs: readonly number[]; readonly cpuMs: number }> {
  await using folder = await ServeFolder.create({
    backends: { db: { type: target.type, ...target.config } },
    loads: {},
  });
  await using serve = folder.serve("--json");
  await serve.says(/Backend db is connected/);
  const before = await cpuMsOf(serve.pid);
  const takenMs: number[] = [];
  for (let i = 1; i <= replacements; i++) {
    takenMs.push(await replaced(target, { folder, serve, i }));
  }
  const cpuMs = await cpuMsOf(serve.pid) - before;
  return { takenMs: takenMs.sort((a, b) => a - b), cpuMs };
}

/** Puts another file into the place of the plugin, for the `i`th time; how long that has taken. */
async function replaced(
  { type }: Target,
  { folder, serve, i }: {
    readonly folder: ServeFolder;
    readonly serve: RunningServe;
    readonly i: number;
  },
): Promise<number> {
  const file = folder.path("plugins", `${type}.wasm`);
  const bytes = await Deno.readFile(join(PLUGINS, `${type}.wasm`));
  await Deno.writeFile(file, variantOf(bytes, `build ${i}`));
  await grant(file, []);
  const granted = Date.now();
  const line = await eventually(`replacement ${i}`, () => {
    const lines = serve.log.split("\n").filter((line) => line.includes("was replaced in"));
    return lines[i - 1];
  }, 20_000).catch((error) => {
    throw new Error(`${error.message}\n${serve.log.slice(-4_000)}`);
  });
  return Date.parse(JSON.parse(line).time) - granted;
}

/** Replaces plugin and configuration while a load runs, which must end as if nothing had been. */
export async function replaceUnderLoad(
  target: Target,
  { replacements, reloads, rowsMin, gapMsMax }: ReplaceTrial,
): Promise<ReplaceFigures> {
  const config = (turn: number) => ({
    audit: "audit.ndjson",
    backends: {
      db: { type: target.type, ...target.config },
      ...(turn % 2 === 1 ? { more: { type: target.type, ...target.config, poolSize: 1 } } : {}),
    },
    default: "db",
    loads: {
      // The load that runs is itself another one by then.
      running: { source: "pipe.ndjson", table: "t", batchRows: 500 + turn },
      ...(turn % 3 === 1 ? { other: { source: "none.ndjson", table: "other" } } : {}),
    },
  });
  await using folder = await ServeFolder.create(config(0));
  const pipe = folder.path("pipe.ndjson");
  await makePipe(pipe);
  await using serve = folder.serve("--json");
  await eventually(
    "the backend is up",
    async () => (await serve.status()).backends[0]?.state === "up",
  );
  const started = performance.now();
  assertEquals(await serve.run("running"), 202);
  await using feed = new Feed(pipe, rowsMin);
  const takenMs: number[] = [];
  try {
    for (let i = 1; i <= replacements; i++) {
      takenMs.push(await replaced(target, { folder, serve, i }));
      const turn = Math.ceil(i * reloads / replacements);
      if (turn === Math.ceil((i - 1) * reloads / replacements)) continue;
      await folder.configure(config(turn));
      await eventually(
        `configuration ${turn}`,
        () => told(serve, "was read again") >= turn,
        20_000,
      );
    }
    assertEquals((await serve.load("running"))?.state !== "failed", true, serve.log);
  } finally {
    feed.end();
  }
  const rows = await feed.done;
  await serve.says(new RegExp(`Load running is complete: ${counted(rows, "row")} committed`));
  const seconds = (performance.now() - started) / 1000;
  assertEquals((await serve.stop()).code, 0, serve.log);
  assertEquals(await idsOf(target, "t"), [rows, rows, 0, rows - 1]);
  const times = await batchTimes(folder.path("audit.ndjson"));
  const gapMs = Math.max(...times.slice(1).map((time, i) => time - times[i]!));
  assert(gapMs < gapMsMax, `${gapMs} ms between two batches`);
  return { rows, batches: times.length, gapMs, takenMs: takenMs.sort((a, b) => a - b), seconds };
}

/** How often it has said so. */
function told({ log }: RunningServe, what: string): number {
  return log.split(what).length - 1;
}

/** Rows that come for as long as they are wanted. */
class Feed implements AsyncDisposable {
  /** How many there were, once all are written. */
  readonly done: Promise<number>;
  /** What waits for a pipe to be read can be ended, which a file of this program cannot. */
  readonly #writer: Deno.ChildProcess;
  #isWanted = true;

  constructor(pipe: string, rowsMin: number) {
    const args = ["-c", 'exec cat > "$1"', "sh", pipe];
    this.#writer = new Deno.Command("sh", { args, stdin: "piped" }).spawn();
    this.done = this.#write(rowsMin);
    this.done.catch(() => {});
  }

  end(): void {
    this.#isWanted = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    try {
      this.#writer.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#writer.status;
    await this.done.catch(() => {});
  }

  async #write(rowsMin: number): Promise<number> {
    const writer = this.#writer.stdin.getWriter();
    let rows = 0;
    for (; this.#isWanted || rows < rowsMin; rows += CHUNK_ROWS) {
      await writer.write(new TextEncoder().encode(rowsFrom(rows, CHUNK_ROWS)));
      // Of what is wanted at the least, as fast as it is taken.
      if (rows >= rowsMin) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await writer.close();
    return rows;
  }
}

/** What is killed. */
export interface KillTrial {
  readonly kills: number;
  readonly seed: number;
  /** Of each of two loads. */
  readonly rows: number;
}

/** Kills a `serve` at moments that a seed chooses; each next one goes on by itself. */
export async function killServe(target: Target, { kills, seed, rows }: KillTrial): Promise<void> {
  const random = new Random(seed);
  const names = ["first", "second"];
  await using folder = await ServeFolder.create({
    backends: { db: { type: target.type, ...target.config } },
    default: "db",
    loads: Object.fromEntries(names.map((name) => [name, {
      ...{ source: `${name}.ndjson`, table: name, batchRows: 300 },
    }])),
  });
  for (const name of names) {
    await Deno.writeTextFile(folder.path(`${name}.ndjson`), rowsFrom(0, rows));
  }
  let asked = false;
  for (let i = 0; i < kills; i++) {
    await using serve = folder.serve();
    const killing = killAfter(serve, random.between(0, 1_500));
    try {
      // Asked for once, by the first that lives long enough: nobody asks again.
      if (!asked) {
        const answers = [];
        for (const name of names) answers.push(await serve.run(name));
        asked = answers.every((status) => status === 202);
      }
    } catch {
      // It was killed before.
    }
    await killing;
  }
  await using serve = folder.serve();
  if (!asked) { for (const name of names) await serve.run(name); }
  const isDone = (load: { readonly state: string; readonly runs: number }) =>
    load.state === "complete" || (load.state === "idle" && load.runs === 0);
  await eventually("all is complete", async () => (await serve.status()).loads.every(isDone)).catch(
    (error) => {
      throw new Error(`with seed ${seed}: ${error.message}\n${serve.log}`);
    },
  );
  const failed = /failed: .*/.exec(serve.log)?.[0];
  assertEquals(failed, undefined);
  assertEquals((await serve.stop()).code, 0, serve.log);
  for (const name of names) {
    assertEquals(await idsOf(target, name), [rows, rows, 0, rows - 1], `${name}, seed ${seed}`);
  }
}

async function killAfter(serve: RunningServe, ms: number): Promise<void> {
  await serve.address().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, ms));
  serve.kill();
  await serve.ended;
}

/** Ids of a table, as count, distinct, least and greatest. */
export async function idsOf({ query, sql }: Target, table: string): Promise<number[]> {
  const figures = ["count(*)", "count(DISTINCT id)", "min(id)", "max(id)"]
    .map((figure, i) => `${sql.textOf(figure)} AS f${i}`).join(", ");
  const [row] = await query(`SELECT ${figures} FROM ${table}`);
  return [0, 1, 2, 3].map((i) => Number(row![`f${i}`]));
}

/** When batches were committed, by the audit log. */
async function batchTimes(file: string): Promise<number[]> {
  const records = (await Deno.readTextFile(file)).trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  return records.filter(({ event }) => event === "batch").map(({ time }) => Date.parse(time));
}
