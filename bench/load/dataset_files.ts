/** The data sets as files, made once and kept in the cache folder of the project. */
import { createHash } from "node:crypto";
import { fromFileUrl, join } from "@std/path";
import type { Dataset, DatasetName } from "./dataset.ts";
import { datasetRows, PACKAGES, type Row } from "./dataset_rows.ts";
import { headOf, LINE_FORMATS, type LineFormat, lineOf } from "./line_format.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const CACHE = join(ROOT, ".cache", "bench_load");
/** A change in these makes other rows. */
const GENERATOR = ["dataset.ts", "dataset_rows.ts", "line_format.ts", "dataset_files.ts"];
const WRITE_CHARACTERS = 1024 * 1024;

/** The first rows of a data set, in each format. */
export interface DatasetFiles extends Readonly<Record<LineFormat, string>> {
  readonly dataset: Dataset;
  readonly rows: number;
  /** Size of the NDJSON file. */
  readonly bytes: number;
}

/** The folder for files of this benchmark that are worth keeping. */
export async function cacheFolder(name = ""): Promise<string> {
  const folder = join(CACHE, name);
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

/**
 * The files of a data set in each of these sizes; makes those that are missing, in one pass over
 * the source code: 15 s for a million rows.
 *
 * @throws {Error} if the packages have fewer rows than are asked for
 */
export async function datasetFiles(
  dataset: Dataset,
  sizes: readonly number[],
): Promise<ReadonlyMap<number, DatasetFiles>> {
  const folder = await generation();
  const all = sizes.map((rows) => new FileSet(folder, dataset, rows));
  const missing = all.filter((set) => !set.exists());
  if (missing.length > 0) await make(dataset, missing);
  return new Map(all.map((set) => [set.rows, set.describe()]));
}

async function make(dataset: Dataset, sets: readonly FileSet[]): Promise<void> {
  const rowsMax = Math.max(...sets.map((set) => set.rows));
  for (const set of sets) set.begin();
  let made = 0;
  for await (const row of datasetRows(rowsOf(dataset), join(ROOT, "node_modules"))) {
    for (const set of sets) if (made < set.rows) set.add(row);
    if (++made === rowsMax) break;
  }
  if (made < rowsMax) {
    throw new Error(`${PACKAGES.join(", ")} make ${made} rows of ${dataset.name}, not ${rowsMax}`);
  }
  for (const set of sets) set.finish();
}

function rowsOf({ name, fills }: Dataset): DatasetName {
  return fills ?? name;
}

/** The files of one size, which take their names once they are whole. */
class FileSet {
  readonly rows: number;
  readonly #dataset: Dataset;
  readonly #paths: Readonly<Record<LineFormat, string>>;
  #files: [LineFormat, TextFile][] = [];

  constructor(folder: string, dataset: Dataset, rows: number) {
    this.rows = rows;
    this.#dataset = dataset;
    const path = (format: LineFormat) => join(folder, `${rowsOf(dataset)}_${rows}.${format}`);
    this.#paths = { ndjson: path("ndjson"), csv: path("csv"), text: path("text") };
  }

  exists(): boolean {
    try {
      for (const format of LINE_FORMATS) Deno.statSync(this.#paths[format]);
      return true;
    } catch {
      return false;
    }
  }

  describe(): DatasetFiles {
    const bytes = Deno.statSync(this.#paths.ndjson).size;
    return { ...this.#paths, dataset: this.#dataset, rows: this.rows, bytes };
  }

  begin(): void {
    for (const format of LINE_FORMATS) {
      const file = new TextFile(this.#paths[format]);
      file.add(headOf(format, this.#dataset.columns));
      this.#files.push([format, file]);
    }
  }

  add(row: Row): void {
    for (const [format, file] of this.#files) {
      file.add(lineOf(row, format, this.#dataset.columns));
    }
  }

  finish(): void {
    for (const [, file] of this.#files) file.finish();
  }
}

class TextFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #encoder = new TextEncoder();
  #text = "";

  constructor(path: string) {
    this.#path = path;
    this.#file = Deno.openSync(`${path}.part`, { write: true, create: true, truncate: true });
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= WRITE_CHARACTERS) this.#flush();
  }

  finish(): void {
    this.#flush();
    this.#file.close();
    Deno.renameSync(`${this.#path}.part`, this.#path);
  }

  #flush(): void {
    let bytes = this.#encoder.encode(this.#text);
    while (bytes.length > 0) bytes = bytes.subarray(this.#file.writeSync(bytes));
    this.#text = "";
  }
}

/** The folder of the rows that this generator makes; those of an earlier one go. */
async function generation(): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
    imports: Record<string, string>;
  };
  const parts = Object.values(imports).filter((target) => PACKAGES.some((p) => target.includes(p)));
  for (const name of GENERATOR) {
    parts.push(await Deno.readTextFile(fromFileUrl(new URL(name, import.meta.url))));
  }
  const hash = createHash("sha256").update(parts.join("\n")).digest("hex");
  const name = `rows_${hash.slice(0, 12)}`;
  const cache = await cacheFolder();
  for await (const entry of Deno.readDir(cache)) {
    if (entry.name.startsWith("rows_") && entry.name !== name) {
      await Deno.remove(join(cache, entry.name), { recursive: true });
    }
  }
  return await cacheFolder(name);
}
