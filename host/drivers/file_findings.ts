/** What is looked at of every database that is a file. Nothing is changed. */
import { dirname } from "@std/path";
import { access, constants, statfs } from "node:fs/promises";
import { format as formatBytes } from "@std/fmt/bytes";
import { messageOf } from "../../src/model/errors.ts";
import type { Finding } from "../../src/model/finding.ts";

/** With less, a load of any size is likely to end for want of space. */
const FREE_BYTES_MIN = 256 * 1024 * 1024;

/** Whether it can be written, and how much space is left for it. */
export async function fileFindings(path: string): Promise<Finding[]> {
  const isThere = await Deno.stat(path).then(() => true, () => false);
  const folder = dirname(path);
  const findings: Finding[] = [];
  try {
    if (isThere) await access(path, constants.R_OK | constants.W_OK);
    // SQLite and DuckDB write a journal beside the file.
    await access(folder, constants.W_OK | constants.X_OK);
    const message = isThere
      ? `${path} is there and can be written`
      : `${path} is not there: the first load makes it`;
    findings.push({ about: "file", status: "pass", message });
  } catch (error) {
    findings.push({
      about: "file",
      status: "fail",
      message: `${isThere ? path : folder} cannot be written: ${messageOf(error)}`,
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
