/** What is done to files while they are read, and what a load has to make of it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import type { Host, LoadOptions, LoadReport } from "../../mod.ts";
import { openSource } from "../../host/sources/open_source.ts";
import { LoadStoppedError } from "../../src/load/report.ts";
import { openHost, type Target, type TargetKind, withFolder } from "./target.ts";

/** Where a file is loaded, and how. */
export interface Place {
  readonly target: Target;
  readonly host: Host;
  readonly folder: string;
  readonly cut: typeof CUTS[keyof typeof CUTS];
}

/** More than is read before the first batch is in, of CSV and of NDJSON. */
const ROWS = 4_000;
const PAD = "x".repeat(2_000);

const FORMATS = {
  ndjson: (id: number) => `{"id":${id},"v":"${PAD}","w":${id * 7}}\n`,
  csv: (id: number) => `${id},${PAD},${id * 7}\n`,
} as const;

/** How a file is written. */
export type Format = keyof typeof FORMATS;

/** How batches are cut: by their rows, or as ranges, where the family writes them while they are read. */
export const CUTS = { rows: { batchRowsMax: 200 }, bytes: { batchBytesMax: 400_000 } } as const;

function textOf(format: Format, from: number, to: number, change = (line: string) => line): string {
  const lines = Array.from({ length: to - from }, (_, i) => change(FORMATS[format](from + i)));
  return (format === "csv" && from === 0 ? "id,v,w\n" : "") + lines.join("");
}

/** Loads a file to which `act` is done once the first batch is in. */
async function load(
  { target, host, cut }: Place,
  path: string,
  { act, ...options }: LoadOptions & { readonly act?: () => void },
): Promise<LoadReport> {
  const backend = await host.createBackend(target.type, target.config);
  let act1 = act;
  try {
    return await host.load(openSource([path]), backend, {
      table: "t",
      connections: 1,
      ...cut,
      onProgress: () => {
        act1?.();
        act1 = undefined;
      },
      ...options,
    });
  } finally {
    await backend.close();
  }
}

async function stopped(...args: Parameters<typeof load>): Promise<LoadStoppedError> {
  const error = await assertRejects(() => load(...args), LoadStoppedError);
  assertEquals(error.code, "source_changed");
  return error;
}

/** How many rows there are, how many ids, and how many whose last value is not whole. */
async function counts({ target }: Place): Promise<(string | null)[]> {
  const text = target.textOf;
  const [row] = await target.query(
    `SELECT ${text("count(*)")} AS n, ${text("count(DISTINCT id)")} AS ids, ` +
      `${text("coalesce(sum(CASE WHEN w = id * 7 THEN 0 ELSE 1 END), 0)")} AS bad FROM t`,
  );
  return [row!.n ?? null, row!.ids ?? null, row!.bad ?? null];
}

function overwrite(path: string, at: number, text: string): void {
  using file = Deno.openSync(path, { write: true });
  file.seekSync(at, Deno.SeekMode.Start);
  file.writeSync(new TextEncoder().encode(text));
}

function append(path: string, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  Deno.writeFileSync(path, bytes, { append: true });
}

/** The tests, by what is done. */
export const CHANGES: Readonly<Record<string, (place: Place, format: Format) => Promise<void>>> = {
  "that is cut stops the load, and its last value is not taken": async (place, format) => {
    const path = `${place.folder}/a.${format}`;
    const text = textOf(format, 0, ROWS);
    for (const left of [text.length - 3, text.length - 1, text.length / 2 | 0]) {
      await Deno.writeTextFile(path, text);
      await stopped(place, path, { act: () => Deno.truncateSync(path, left), fresh: true });
      assertEquals((await counts(place))[2], "0");
      await place.target.execute("DROP TABLE t");
    }
  },

  "that is written again in place stops the load": async (place, format) => {
    const path = `${place.folder}/a.${format}`;
    const text = textOf(format, 0, ROWS);
    const other = textOf(format, 0, ROWS, (line) => line.replace("xx", "yy"));
    for (const longer of [false, true]) {
      await Deno.writeTextFile(path, text);
      const act = () => {
        overwrite(path, 0, other);
        if (longer) append(path, FORMATS[format](ROWS));
      };
      const error = await stopped(place, path, { act, fresh: true });
      assert(error.message.includes("the first row that differs"), error.message);
      assert(error.message.includes("--mode replace"), error.message);
    }
  },

  "that is written again leaves what it was to replace": async (place, format) => {
    const path = `${place.folder}/a.${format}`;
    await place.target.execute("CREATE TABLE t (id int, v text, w int)");
    await place.target.execute("INSERT INTO t VALUES (-1, 'old', -7)");
    for (const left of [0, ROWS]) {
      await Deno.writeTextFile(path, textOf(format, 0, ROWS));
      const act = () => {
        Deno.truncateSync(path, 0);
        append(path, textOf(format, 0, left, (line) => line.replace("xx", "yy")));
      };
      await stopped(place, path, { act, mode: "replace" });
      assertEquals(await counts(place), ["1", "1", "0"]);
    }
  },

  "that is touched, or written with what it has, is read": async (place, format) => {
    const path = `${place.folder}/a.${format}`;
    const text = textOf(format, 0, ROWS);
    for (const act of [() => Deno.utimeSync(path, 1, 1), () => overwrite(path, 0, text)]) {
      await Deno.writeTextFile(path, text);
      const report = await load(place, path, { act, fresh: true });
      assertEquals([report.state, report.committed, report.notes], ["complete", ROWS, []]);
    }
  },

  "that grows is read to its last whole record, and the rest by the next run": async (
    place,
    format,
  ) => {
    const path = `${place.folder}/a.${format}`;
    await Deno.writeTextFile(path, textOf(format, 0, ROWS));
    const next = FORMATS[format](ROWS + 1);
    const act = () => append(path, FORMATS[format](ROWS) + next.slice(0, -3));
    const report = await load(place, path, { act });
    assertEquals([report.state, report.committed], ["complete", ROWS + 1]);
    assert(report.notes.join().includes("has grown while it was read"), report.notes.join());
    assertEquals(await counts(place), [String(ROWS + 1), String(ROWS + 1), "0"]);
    append(path, next.slice(-3));
    const rest = await load(place, path, {});
    assertEquals([rest.committed, rest.skipped], [1, ROWS + 1]);
    assertEquals(await counts(place), [String(ROWS + 2), String(ROWS + 2), "0"]);
  },

  "that is packed is held to the same": async (place, format) => {
    const path = `${place.folder}/a.${format}.gz`;
    // Numbers that do not pack well, so that it is not read at once.
    const noise = () => crypto.getRandomValues(new Uint8Array(1_000)).toHex();
    const packed = gzipSync(textOf(format, 0, ROWS, (line) => line.replace(PAD, noise())));
    await Deno.writeFile(path, packed);
    const cut = packed.length - 5;
    await stopped(place, path, { act: () => Deno.truncateSync(path, cut), fresh: true });
    await Deno.writeFile(path, packed);
    const more = gzipSync(FORMATS[format](ROWS));
    const report = await load(place, path, { act: () => append(path, more), fresh: true });
    assertEquals([report.state, report.committed], ["complete", ROWS + 1]);
  },
};

/** One of the tests, into a kind of database. */
export function changeFile(
  kind: TargetKind,
  name: string,
  { format, cut }: { readonly format: Format; readonly cut: keyof typeof CUTS },
): Promise<void> {
  return kind.use(async (target) => {
    await using host = await openHost();
    const place = { target, host, cut: CUTS[cut] };
    await withFolder((folder) => CHANGES[name]!({ ...place, folder }, format));
  });
}
