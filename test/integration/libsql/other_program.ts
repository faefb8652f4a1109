/** Another program that has a file open: runs one statement on it by libSQL's engine. */
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import { fileTarget } from "./load_case.ts";

const [path, sql] = Deno.args as [string, string];
const session = await openFile(fileTarget(path, { engine: "libsql", busyTimeoutMs: 5_000 }));
await session.run(sql);
await session.close();
