/** A worker that inserts numbers by a session of its own, until it is told none, for `engine_lease_test.ts`. */
import { type FileSession, openFile } from "../../../host/drivers/libsql/file_session.ts";
import { fileTarget } from "./load_case.ts";

/** A worker's own scope, which the checker takes for a window's. */
const scope = self as unknown as {
  onmessage: (event: MessageEvent<{ path: string; number?: number }>) => Promise<void>;
  postMessage(message: string): void;
};

let session: FileSession | undefined;

scope.onmessage = async (event) => {
  const { path, number } = event.data;
  session ??= await openFile(fileTarget(path, { busyTimeoutMs: 5_000 }));
  if (number === undefined) await session.close();
  else await session.run("INSERT INTO t VALUES (?)", [BigInt(number)]);
  scope.postMessage(String(session.engine));
};
