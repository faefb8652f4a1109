/** The test server in a thread of its own, so that it does not get in the way of the one that is tested. */
import { startLibsqlServer } from "../../support/libsql_remote.ts";

/** A worker's own scope, which the checker takes for a window's. */
const scope = self as unknown as {
  onmessage: (event: MessageEvent<string>) => void;
  postMessage(url: string): void;
};

scope.onmessage = (event) => {
  const path = event.data;
  scope.postMessage(startLibsqlServer(path, { busyTimeoutMs: 5_000 }).url);
};
