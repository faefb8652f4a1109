/**
 * `/metrics`, OTLP, `/status`, status files and `snakepipe status` against the ledger and the table, while
 * `serve` and `load` are killed at any moment: none of them ever says more than the ledger has, and all of
 * them say the same at the end.
 */
import { assert, assertEquals, AssertionError } from "@std/assert";
import { seenPrograms } from "../../../host/observe/running/seen_programs.ts";
import { FOLDER_VARIABLE } from "../../../host/observe/running/status_folder.ts";
import { Random } from "../../crash/random.ts";
import { eventually } from "../../support/eventually.ts";
import { OtlpReceiver } from "../../support/otlp_receiver.ts";
import type { Target } from "../../support/target.ts";
import {
  type Claim,
  claimsOfMetrics,
  claimsOfOtlp,
  claimsOfProgram,
  claimsOfStatus,
  PLACES,
} from "./claims.ts";
import { type Outcome, outcomeOf } from "../cli/program.ts";
import { rowsFrom, type RunningServe, ServeFolder } from "./serve_program.ts";

/** Tables, and loads of `serve` into them. */
const SERVED = ["first", "second"] as const;
/** The table of a `load`, whose source goes on for as long as it is not killed. */
const LOADED = "third";
const TABLES = [...SERVED, LOADED] as const;
const BATCH_ROWS = 100;

/** What is killed. */
export interface AgreementTrial {
  readonly kills: number;
  readonly seed: number;
  /** Rows that each load has to load in each life of a program. */
  readonly rows: number;
}

/** What came of it, for people. */
export interface AgreementFigures {
  /** What was held against the ledger, by where it was said. */
  readonly claims: Readonly<Record<string, number>>;
  /** Rows of each table. */
  readonly rows: number;
}

/** Kills so often, and lets one `serve` and one `load` come to their end then. */
export async function agreeUnderKills(
  target: Target,
  { kills, seed, rows }: AgreementTrial,
): Promise<AgreementFigures> {
  const random = new Random(seed);
  await using folder = await ServeFolder.create({
    backends: { db: { type: target.type, ...target.config } },
    default: "db",
    loads: Object.fromEntries(SERVED.map((name) => [name, {
      ...{ source: `${name}.ndjson`, table: name, batchRows: BATCH_ROWS },
    }])),
  });
  const status = folder.path("status");
  Deno.env.set(FOLDER_VARIABLE, status);
  const trial = new Agreement(target, folder, seed);
  await trial.give(BATCH_ROWS);
  // With its tables.
  assertEquals((await folder.run("run", "--quiet")).status, 0);
  assertEquals((await trial.load().end()).status, 0);
  for (let i = 0; i < kills; i++) {
    await trial.give(rows);
    await using receiver = new OtlpReceiver();
    folder.env = { ...receiver.env, [FOLDER_VARIABLE]: status };
    const afterMs = random.between(0, 1_000);
    if (i % 3 === 2) await trial.killLoad(receiver, afterMs);
    else await trial.killServe(receiver, afterMs);
  }
  // What was killed is run at the start of the first, and what is asked for by the second alone.
  for (const whats of [["snakepipe_rows_total"], ["snakepipe_rows_total", "only run"]]) {
    await trial.give(rows);
    await using receiver = new OtlpReceiver();
    folder.env = { ...receiver.env, [FOLDER_VARIABLE]: status };
    await trial.finishServe(receiver, whats);
  }
  await trial.give(rows);
  {
    await using receiver = new OtlpReceiver();
    folder.env = { ...receiver.env, [FOLDER_VARIABLE]: status };
    await trial.finishLoad(receiver);
  }
  const none = PLACES.filter((place) => !trial.claims.get(place));
  assertEquals(none, [], `nothing was said there, seed ${seed}`);
  const figures = await trial.ledger();
  return { claims: Object.fromEntries(trial.claims), rows: figures.first };
}

type Rows = Readonly<Record<typeof TABLES[number], number>>;

/** One folder with its programs, whose words are held against one database. */
class Agreement {
  readonly #target: Target;
  readonly #folder: ServeFolder;
  readonly #seed: number;
  /** Rows of each file of the source. */
  #given = 0;
  /** What was held against the ledger, by where it was said. */
  readonly claims = new Map<string, number>();

  constructor(target: Target, folder: ServeFolder, seed: number) {
    this.#target = target;
    this.#folder = folder;
    this.#seed = seed;
  }

  /** Has each load so many rows that are not in yet, at the least. */
  async give(rows: number): Promise<void> {
    const before = this.#given === 0 ? [0] : Object.values(await this.ledger());
    const wanted = Math.max(...before) + rows;
    if (wanted <= this.#given) return;
    const text = rowsFrom(this.#given, wanted - this.#given);
    for (const table of SERVED) {
      await Deno.writeTextFile(this.#folder.path(`${table}.ndjson`), text, { append: true });
    }
    this.#given = wanted;
  }

  /** What the ledger has, which is what is in the tables: seen at one moment. */
  async ledger(): Promise<Rows> {
    const { sql, query } = this.#target;
    const figures = TABLES.flatMap((table) => [
      `${sql.textOf(`(SELECT count(*) FROM ${table})`)} AS t_${table}`,
      `${
        sql.textOf(
          "(SELECT coalesce(sum(b.committed), 0) FROM _snakepipe_batch b " +
            `JOIN _snakepipe_load l ON l.id = b.load_id WHERE l.table_name = '${table}')`,
        )
      } AS l_${table}`,
    ]);
    const [row] = await query(`SELECT ${figures.join(", ")}`);
    const rows = (prefix: string) =>
      Object.fromEntries(TABLES.map((table) => [table, Number(row![`${prefix}_${table}`])]));
    assertEquals(rows("t"), rows("l"), `table and ledger, seed ${this.#seed}`);
    return rows("l") as Rows;
  }

  /** Lets a `serve` live for so long. */
  async killServe(receiver: OtlpReceiver, afterMs: number): Promise<void> {
    const before = await this.ledger();
    await using serve = this.#folder.serve();
    await serve.address();
    const looks = this.#look(before, receiver, serve);
    for (const name of SERVED) await serve.run(name);
    await pause(afterMs);
    serve.kill();
    await serve.ended;
    await looks.end();
    await this.#afterKill(before, receiver);
  }

  /** Begins the load, which is given all rows. */
  load(...more: readonly string[]): FedLoad {
    const words = ["load", "-", "--load", LOADED, "--to", "db", "--table", LOADED, ...more];
    const child = this.#folder.start([...words, "--batch-rows", String(BATCH_ROWS)]);
    return new FedLoad(child, rowsFrom(0, this.#given));
  }

  /** Lets a load live for so long, once its file tells of it. */
  async killLoad(receiver: OtlpReceiver, afterMs: number): Promise<void> {
    const before = await this.ledger();
    const load = this.load();
    const looks = this.#look(before, receiver);
    await eventually("the file tells of it", async () => {
      const { programs: [one] } = await seenPrograms();
      return one?.status.loads[0]?.run?.load !== undefined;
    });
    await pause(afterMs);
    await load.kill();
    await looks.end();
    await this.#afterKill(before, receiver);
  }

  /** Lets a `serve` load all that there is, and asks everybody. */
  async finishServe(receiver: OtlpReceiver, whats: readonly string[]): Promise<void> {
    const before = await this.ledger();
    await using serve = this.#folder.serve();
    for (const name of SERVED) await serve.run(name);
    for (const name of SERVED) await serve.until(name, "complete");
    // What is in a file is a second old.
    await eventually("the file tells of no load that runs", async () => {
      const { programs: [one] } = await seenPrograms();
      return one?.status.idle === SERVED.length && one.status.loads.length === 0;
    });
    const said = await this.#saidBy(serve, receiver);
    assertEquals((await serve.stop()).code, 0, serve.log);
    const after = await this.ledger();
    const claims = [...said, ...claimsOfOtlp(receiver)];
    const exact = claims.filter(({ what }) => what !== "last run");
    this.#equal(exact, { before, after, whats: [...whats, "snakepipe.rows"] });
  }

  /** Lets a load come to its end. */
  async finishLoad(receiver: OtlpReceiver): Promise<void> {
    const before = await this.ledger();
    const { status, out, err } = await this.load("--json").end();
    assertEquals(status, 0, err);
    const after = await this.ledger();
    assertEquals(JSON.parse(out).committed, after[LOADED] - before[LOADED]);
    this.#equal(claimsOfOtlp(receiver), { before, after, whats: ["snakepipe.rows"] });
    assertEquals(await this.#asked(), { programs: [], exit: 0 });
  }

  /** Holds what is said against the ledger, again and again. */
  #look(
    before: Rows,
    receiver: OtlpReceiver,
    serve?: RunningServe,
  ): { end(): Promise<void> } {
    let isWanted = true;
    const late: Claim[] = [];
    const looking = (async () => {
      while (isWanted) {
        const claims = await this.#saidBy(serve, receiver).catch(() => []);
        // A database that its writer has to itself tells afterwards.
        const after = late.length > 0 ? undefined : await this.ledger().catch(busy);
        if (after) this.#atMost(claims, before, after);
        else late.push(...claims);
        await pause(10);
      }
    })();
    looking.catch(() => {});
    return {
      end: async () => {
        isWanted = false;
        await looking;
        this.#atMost(late, before, await this.ledger());
      },
    };
  }

  /** Everything that is said now. */
  async #saidBy(serve: RunningServe | undefined, receiver: OtlpReceiver): Promise<Claim[]> {
    const claims = claimsOfOtlp(receiver);
    const { programs } = await seenPrograms();
    claims.push(...programs.flatMap(({ status }) => claimsOfProgram(status, "file")));
    if (!serve) return claims;
    // A server that is killed answers nothing.
    const [metrics, status] = await Promise.all([
      serve.ask("/metrics").then((response) => response.text()).catch(() => ""),
      serve.status().catch(() => undefined),
    ]);
    return [...claims, ...claimsOfMetrics(metrics), ...(status ? claimsOfStatus(status) : [])];
  }

  /** What was sent and written before a kill is no more than what is in. */
  async #afterKill(before: Rows, receiver: OtlpReceiver): Promise<void> {
    const { programs: files } = await seenPrograms();
    const { programs, exit } = await this.#asked();
    assertEquals([programs.length, exit], [files.length, files.length > 0 ? 1 : 0]);
    assertEquals(await this.#asked(), { programs: [], exit: 0 });
    const claims = programs.flatMap((program) => claimsOfProgram(program, "command"));
    this.#atMost([...claims, ...claimsOfOtlp(receiver)], before, await this.ledger());
  }

  /** What `snakepipe status` says. */
  async #asked() {
    const { status, out, err } = await this.#folder.run("status", "--json");
    assertEquals(err, "");
    return { programs: JSON.parse(out).programs as RanProgram[], exit: status };
  }

  #atMost(claims: readonly Claim[], before: Rows, after: Rows): void {
    for (const { place, what, table, rows, of } of claims) {
      const most = after[table as keyof Rows] - (of === "life" ? before[table as keyof Rows] : 0);
      const told = `${place} says ${what} ${rows} of ${table}, the ledger has ${most}`;
      assert(rows <= most, `${told}, seed ${this.#seed}`);
      this.claims.set(place, (this.claims.get(place) ?? 0) + 1);
    }
  }

  /** Holds all claims to equality, of which there has to be one for each table by each name. */
  #equal(
    claims: readonly Claim[],
    { before, after, whats }: {
      readonly before: Rows;
      readonly after: Rows;
      readonly whats: readonly string[];
    },
  ): void {
    for (const { place, what, table, rows, of } of claims) {
      const exact = after[table as keyof Rows] - (of === "life" ? before[table as keyof Rows] : 0);
      assertEquals(rows, exact, `${place} says ${what} of ${table}, seed ${this.#seed}`);
      assert(exact > 0);
    }
    for (const what of whats) {
      assert(claims.some((claim) => claim.what === what), `${what} is told`);
    }
  }
}

/** A load of rows that come by standard input, which stays open. */
class FedLoad {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #given: Promise<void>;
  readonly #output: Promise<Deno.CommandOutput>;

  constructor(child: Deno.ChildProcess, text: string) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#output = child.output();
    this.#given = this.#writer.write(new TextEncoder().encode(text));
    // Of what is killed, nobody reads all.
    this.#given.catch(() => {});
  }

  /** Ends its source, and waits for it. */
  async end(): Promise<Outcome> {
    await this.#given;
    await this.#writer.close();
    return outcomeOf(await this.#output);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#output;
    await this.#writer.close().catch(() => {});
  }
}

/** What a look meets that comes while somebody writes; nothing else is got over. */
function busy(error: unknown): undefined {
  if (error instanceof AssertionError) throw error;
  return undefined;
}

type RanProgram = Parameters<typeof claimsOfProgram>[0];

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
