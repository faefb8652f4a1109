/** From settings to a backend that is connected, against the client and one query by hand. */
import type { DatabaseBackend } from "../mod.ts";
import { collectGarbage } from "./garbage.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import type { BenchPlace } from "./place.ts";
import { plainLibsql, plainPostgres } from "./plain_client.ts";

/** After so many samples what was closed is collected. */
const COLLECT_EVERY = 25;

/** Both families; what is opened is closed again outside of the measured time. */
export async function backendCreationSuite(place: BenchPlace): Promise<BenchSuite> {
  const file = place.newFile();
  // From now on the file has a write-ahead log, whoever opens it.
  await (await place.host.createBackend("libsql", { url: file })).close();
  const tcp = await place.newDatabase();
  const socket = place.throughSocket(tcp);
  return {
    name: "backend_creation",
    title: "Creation of a backend, including its connection",
    cases: [
      ...casesOf(place, {
        about: "libsql",
        type: "libsql",
        url: file,
        msMax: 1,
        byHand: () => {
          const database = plainLibsql(file);
          database.prepare("SELECT count(*) FROM sqlite_schema").all();
          return () => database.close();
        },
      }),
      ...casesOf(place, postgres("postgresql over TCP, with a password", tcp)),
      ...casesOf(place, postgres("postgresql through its Unix socket", socket)),
    ],
  };
}

type Close = () => Promise<void> | void;

/** One way to a database. */
interface Way {
  readonly about: string;
  readonly type: string;
  readonly url: string;
  /** What creation should take at the most. */
  readonly msMax: number;
  byHand(): Promise<Close> | Close;
}

function postgres(about: string, url: string): Way {
  return {
    about,
    type: "postgresql",
    url,
    msMax: 8,
    byHand: async () => {
      const sql = plainPostgres(url);
      await sql.unsafe("SELECT 1");
      return () => sql.end();
    },
  };
}

function casesOf({ host }: BenchPlace, { about, type, url, msMax, byHand }: Way): BenchCase[] {
  let backend: DatabaseBackend | undefined;
  let close: Close = () => {};
  let closed = 0;
  const collect = async () => {
    if (++closed % COLLECT_EVERY === 0) await collectGarbage();
  };
  return [
    {
      name: `${about}: by hand, with one query`,
      run: async () => close = await byHand(),
      after: async () => {
        await close();
        await collect();
      },
    },
    {
      name: `${about}: created and connected`,
      baseline: `${about}: by hand, with one query`,
      goal: { kind: "time", msMax },
      run: async () => backend = await host.createBackend(type, { url }),
      after: async () => {
        await backend?.close();
        await collect();
      },
    },
  ];
}
