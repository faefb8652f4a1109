/**
 * Tables of rows that the engine asks for while it works in a thread of its own: a chunk at a time, in
 * this thread. So an INSERT takes them that is like any other, counts what it takes and names what it
 * does not.
 */
import {
  BIGINT,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBTableFunction,
  type DuckDBType,
} from "@duckdb/node-api";

/** Rows to be scanned, once. */
export interface RowScan {
  readonly columns: readonly { readonly name: string; readonly type: DuckDBType }[];
  /**
   * Fills a chunk; leaves it empty at the end. What it points to is to stay where it is until the next
   * call, or the statement's end.
   *
   * @throws what ends the statement
   */
  next(chunk: DuckDBDataChunk): void;
}

/** By the numbers that statements know them by. */
const scans = new Map<bigint, RowScan>();
let scansMade = 0n;

/** An engine keeps the first function of a name; that of another copy of this module knows no scans of ours. */
const NAME = `_snakepipe_rows_${crypto.randomUUID().replaceAll("-", "")}`;

/** Teaches an engine to ask for rows, unless it knows how. */
export function registerScans(connection: DuckDBConnection): void {
  connection.registerTableFunction(DuckDBTableFunction.create({
    name: NAME,
    parameterTypes: [BIGINT],
    bindFunction: (bind) => {
      const scan = scans.get(bind.getParameter(0) as bigint)!;
      for (const { name, type } of scan.columns) bind.addResultColumn(name, type);
      bind.setBindData(scan);
    },
    initFunction: (init) => init.setMaxThreads(1),
    mainFunction: (info, chunk) => (info.bindData as RowScan).next(chunk),
  }));
}

/** Runs a statement that selects from a scan, whose place in SQL it is told. */
export async function scanning<T>(scan: RowScan, run: (from: string) => Promise<T>): Promise<T> {
  const id = scansMade++;
  scans.set(id, scan);
  try {
    return await run(`${NAME}(${id})`);
  } finally {
    scans.delete(id);
  }
}
