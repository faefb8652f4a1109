/** What a load needs of a DuckDB file. Nothing is changed. */
import type { Config } from "../../../src/model/config_schema.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Connection } from "../driver.ts";
import { fileFindings } from "../file_findings.ts";
import { targetOf } from "./config.ts";

/** Looks at it. Where another process has it open, it could not be opened. @throws {LoadError} */
export async function examine(connection: Connection, config: Config): Promise<Finding[]> {
  const [row] = await connection.read!("SELECT version()");
  return [
    { about: "version", status: "pass", message: `DuckDB ${row![0]}` },
    { about: "lock", status: "pass", message: "No other process has the file open for writing" },
    ...await fileFindings(targetOf(config).path),
  ];
}
