/** COMMIT on its way to MySQL: see "Client/Server Protocol" in its source's documentation. */
import type { CommitProtocol } from "../../crash/commit_proxy.ts";

/** Length in three bytes, and a number. */
const HEAD_BYTES = 4;
const [OK, QUERY] = [0, 3];

/** See {@linkcode CommitProtocol}. */
export const COMMIT_PROTOCOL: CommitProtocol = {
  bytesOf: (start) => {
    if (start.length < HEAD_BYTES) return undefined;
    return HEAD_BYTES + start[0]! + start[1]! * 0x100 + start[2]! * 0x10000;
  },
  isCommit: (message) =>
    message[HEAD_BYTES] === QUERY && message.length < 64 &&
    new TextDecoder().decode(message.subarray(HEAD_BYTES + 1)) === "COMMIT",
  // Nothing else is under way then.
  isCommitted: (message) => message[HEAD_BYTES] === OK,
};
