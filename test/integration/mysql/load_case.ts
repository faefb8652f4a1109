/** What the tests of the MySQL family share: a backend on a database of its own, and loads of lines. */
import { assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  type DatabaseBackend,
  type Host,
  LoadError,
  type LoadReport,
  LoadStoppedError,
  ndjson,
} from "../../../mod.ts";
import type { LoadOptions } from "../../../host/load/load.ts";
import { type MariadbDatabase, mariadbTest } from "../../support/mariadb_database.ts";
import { openHost, withFolder } from "../../support/target.ts";

/** What a test works with. */
export interface Place {
  readonly db: MariadbDatabase;
  readonly host: Host;
  readonly backend: DatabaseBackend;
  readonly folder: string;
}

/** Declares a test with a backend on a database of its own. */
export function test(name: string, act: (place: Place) => Promise<void>): void {
  mariadbTest(name, (db) =>
    withFolder(async (folder) => {
      await using host = await openHost();
      const backend = await host.createBackend("mysql", { url: db.url });
      await act({ db, host, backend, folder });
    }));
}

/** Writes lines of NDJSON, or objects without bigint, to a file. */
export async function lines(
  { folder }: Pick<Place, "folder">,
  records: readonly unknown[],
  name = "rows.ndjson",
): Promise<string> {
  const path = join(folder, name);
  const texts = records.map((record) =>
    typeof record === "string" ? record : JSON.stringify(record)
  );
  await Deno.writeTextFile(path, texts.map((text) => `${text}\n`).join(""));
  return path;
}

/** Loads lines into the table `t`. */
export async function load(
  place: Place,
  records: readonly unknown[],
  options: Partial<LoadOptions> = {},
): Promise<LoadReport> {
  const source = ndjson(await lines(place, records));
  return await place.host.load(source, place.backend, { table: "t", ...options });
}

/** The error of a load that is to fail: what stopped it, where it was under way. */
export async function refusal(loading: () => Promise<unknown>): Promise<LoadError> {
  const error = await assertRejects(loading, LoadError);
  return error instanceof LoadStoppedError && error.cause instanceof LoadError
    ? error.cause
    : error;
}

/** Rows left out, each with what its line of the file of rejects says of it. */
export async function rejected(
  place: Place,
  records: readonly unknown[],
  options: Partial<LoadOptions> = {},
): Promise<{ report: LoadReport; rejects: { line: number; message: string; column?: string }[] }> {
  const file = join(place.folder, "rejects.ndjson");
  const report = await load(place, records, {
    maxRejects: { kind: "count", rowsMax: 1_000 },
    rejects: file,
    ...options,
  });
  const text = await Deno.readTextFile(file).catch(() => "");
  return { report, rejects: text.split("\n").filter(Boolean).map((line) => JSON.parse(line)) };
}
