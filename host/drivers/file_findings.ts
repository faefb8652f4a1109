/** What is looked at of every database that is a file. Nothing is changed. */
import { dirname } from "@std/path";
import { statfs } from "node:fs/promises";
import { format as formatBytes } from "@std/fmt/bytes";
import type { Finding } from "../../src/model/finding.ts";
import { databaseFault, folderFault } from "../platform/write_access.ts";
import { isThere } from "../platform/is_there.ts";

/** With less, a load of any size is likely to end for want of space. */
const FREE_BYTES_MIN = 256 * 1024 * 1024;

/** Whether it can be written, and how much space is left for it. */
export async function fileFindings(path: string): Promise<Finding[]> {
  const hasFile = await isThere(path);
  const folder = dirname(path);
  const findings: Finding[] = [];
  const fileFault = hasFile ? await databaseFault(path) : undefined;
  // SQLite and DuckDB write a journal beside the file.
  const fault = fileFault ?? await folderFault(folder);
  if (fault === undefined) {
    const message = hasFile
      ? `${path} is there and can be written`
      : `${path} is not there: the first load makes it`;
    findings.push({ about: "file", status: "pass", message });
  } else {
    findings.push({
      about: "file",
      status: "fail",
      message: `${fileFault === undefined ? folder : path} cannot be written: ${fault}`,
      way:
        "Make the folder, and give the user that snakepipe runs as write access to it and the file",
    });
    return findings;
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const space = `${formatBytes(free, { binary: true })} are free in ${folder}`;
  findings.push(
    free < FREE_BYTES_MIN
      ? { about: "space", status: "warn", message: space, way: "Make room, or name another disk" }
      : { about: "space", status: "pass", message: space },
  );
  return findings;
}
