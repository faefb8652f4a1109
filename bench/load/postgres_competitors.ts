/**
 * Who loads into PostgreSQL, each as its own documentation has it, over the Unix socket, in the
 * fastest way that is documented.
 */
import { join } from "@std/path";
import { LIMITS } from "../../mod.ts";
import type { Assignment, Competitor, OwnFigures } from "./competitor.ts";
import { csvParts } from "./csv_parts.ts";
import { cacheFolder, type DatasetFiles } from "./dataset_files.ts";
import { type ProcessOrder, runProcess } from "./process.ts";
import { denoScript, nodeScript } from "./script.ts";
import type { PostgresPlace } from "./scripts/job.ts";

/** Name of what the others are compared with. */
export const POSTGRES_REFERENCE = "psql \\copy, CSV";

/** Name of the reference in as many transactions as snakepipe makes of the same rows. */
export const PSQL_IN_TRANSACTIONS = `${POSTGRES_REFERENCE}, in as many transactions`;

/** Query builders, which take half a minute for a million rows, or more than one. */
export const BUILDERS_ON_POSTGRES: readonly Competitor[] = [
  denoScript("knex_postgres", { name: "knex", slow: true }),
  denoScript("kysely_postgres", { name: "kysely", slow: true }),
  denoScript("drizzle_postgres", { name: "drizzle", slow: true }),
];

/** Competitors that take seconds for a hundred thousand rows. */
export const SLOW_ON_POSTGRES: readonly Competitor[] = [...BUILDERS_ON_POSTGRES, pgloader()];

/** The database's own client, the reference first. */
export const PSQL: readonly Competitor[] = [
  psql(POSTGRES_REFERENCE, {
    side: "reference",
    file: (files) => files.csv,
    options: "FORMAT csv, HEADER true",
  }),
  psql("psql \\copy, text", {
    side: "others",
    file: (files) => files.text,
    options: "FORMAT text",
  }),
  psqlBinary(),
  psqlInTransactions(),
];

/** COPY by hand, from JavaScript. */
export const COPY_SCRIPTS: readonly Competitor[] = [
  denoScript("postgres_bytes", { name: "postgres by hand, bytes" }),
  denoScript("postgres_copy", { name: "postgres by hand, JSON.parse" }),
  denoScript("pg_copy_streams", { name: "pg-copy-streams" }),
  nodeScript("pg_copy_streams", { name: "pg-copy-streams, Node" }),
  denoScript("pg_copy_streams_csv", { name: "pg-copy-streams, CSV as it is" }, { csv: true }),
];

interface PsqlOptions {
  readonly side: Competitor["side"];
  readonly file: (files: DatasetFiles) => string;
  readonly options: string;
}

/** https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMANDS-COPY */
function psql(name: string, { side, file, options }: PsqlOptions): Competitor {
  return {
    name,
    side,
    needs: ["psql"],
    command: ({ files, place }) => {
      const copy = `\\copy ${files.dataset.name} from '${file(files)}' with (${options})`;
      return psqlOrder(place, ["\\timing on", copy]);
    },
    ownFigures: psqlFigures,
  };
}

/** What COPY in the binary format can come to. Its file is made once, by the server. */
function psqlBinary(): Competitor {
  const file = (files: DatasetFiles) => `${files.text}.binary`;
  const plain = psql("psql \\copy, binary", { side: "others", file, options: "FORMAT binary" });
  return {
    ...plain,
    command: async (assignment) => {
      const { files, place } = assignment;
      const { name } = files.dataset;
      const made = await Deno.stat(file(files)).then(() => true, () => false);
      if (!made) {
        const order = psqlOrder(place, [
          `\\copy ${name} from '${files.text}'`,
          `\\copy ${name} to '${file(files)}' with (FORMAT binary)`,
          `TRUNCATE ${name}`,
        ]);
        await runProcess(order, { timeoutMs: 60_000 });
      }
      return await plain.command(assignment);
    },
  };
}

/**
 * The CSV file cut between records into as many files as snakepipe makes transactions of the same
 * rows, or as its limit of bytes says where it has not loaded them; each is committed by itself.
 */
function psqlInTransactions(): Competitor {
  return {
    name: PSQL_IN_TRANSACTIONS,
    side: "others",
    needs: ["psql"],
    command: async ({ files, place, transactions }) => {
      const count = transactions ?? Math.ceil(files.bytes / LIMITS.batchBytesMax);
      const parts = await csvParts(files, count);
      return psqlOrder(
        place,
        parts.map((part) => `\\copy ${files.dataset.name} from '${part}' with (FORMAT csv)`),
      );
    },
  };
}

function psqlOrder(place: Assignment["place"], commands: readonly string[]): ProcessOrder {
  const { host, port, user, database } = postgresPlace(place);
  return {
    program: "psql",
    args: [
      ...["--no-psqlrc", "--set=ON_ERROR_STOP=1", `--host=${host}`, `--port=${port}`],
      ...[`--username=${user}`, `--dbname=${database}`],
      ...commands.map((command) => `--command=${command}`),
    ],
  };
}

/** `COPY 1000` and `Time: 12.345 ms`. */
function psqlFigures(stdout: string): OwnFigures {
  const [, rows] = /^COPY (\d+)$/m.exec(stdout) ?? [];
  const [, ms] = /^Time: ([\d.]+) ms/m.exec(stdout) ?? [];
  return {
    ...(rows === undefined ? {} : { rows: Number(rows) }),
    ...(ms === undefined ? {} : { seconds: Number(ms) / 1_000 }),
  };
}

/**
 * https://pgloader.readthedocs.io/en/latest/ref/csv.html. Blanks are kept because they are part of
 * the texts; workers and batches are its defaults, than which others were no faster.
 */
function pgloader(): Competitor {
  return {
    name: "pgloader, CSV",
    side: "others",
    slow: true,
    needs: ["pgloader"],
    command: async (assignment) => {
      const folder = await cacheFolder("pgloader");
      const file = join(folder, "commands.load");
      await Deno.writeTextFile(file, pgloaderCommands(assignment));
      return { program: "pgloader", args: ["--root-dir", folder, file] };
    },
    ownFigures: (stdout) => {
      const [, rows, seconds] = /Total import time\s+\S+\s+(\d+)\s.*?([\d.]+)s/.exec(stdout) ?? [];
      return rows === undefined ? {} : { rows: Number(rows), seconds: Number(seconds) };
    },
  };
}

function pgloaderCommands({ files, place }: Assignment): string {
  const { host, port, user, database } = postgresPlace(place);
  return `LOAD CSV
  FROM '${files.csv}'
  INTO postgresql://${user}@unix:${host}:${port}/${database}?tablename=${files.dataset.name}
  WITH skip header = 1, keep unquoted blanks, fields terminated by ',',
    fields optionally enclosed by '"', fields escaped by double-quote
  SET client_encoding TO 'utf8';
`;
}

function postgresPlace(place: Assignment["place"]): PostgresPlace {
  if (place.kind !== "postgres") throw new Error(`No PostgreSQL server: ${place.kind}`);
  return place.postgres;
}
