/** COMMIT on its way to PostgreSQL: see "Frontend/Backend Protocol" in its manual. */
import type { CommitProtocol } from "../../crash/commit_proxy.ts";

const SSL_REQUEST = 80877103;
const [PARSE, COMMAND_COMPLETE, NO_TLS] = ["P", "C", "N"].map((letter) => letter.charCodeAt(0));

/** See {@linkcode CommitProtocol}. */
export const COMMIT_PROTOCOL: CommitProtocol = {
  // What comes up to the startup packet has no letter before its length.
  bytesOf: (start) => {
    const head = start[0] === 0 ? 0 : 1;
    return start.length < head + 4 ? undefined : head + viewOf(start).getUint32(head);
  },
  isCommit: (message) => message[0] === PARSE && textOf(message).includes("\0COMMIT\0"),
  isCommitted: (message) => message[0] === COMMAND_COMPLETE && textOf(message).includes("COMMIT\0"),
  answerTo: (message) =>
    message.length === 8 && viewOf(message).getUint32(4) === SSL_REQUEST
      ? Uint8Array.of(NO_TLS!)
      : undefined,
};

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

function textOf(message: Uint8Array): string {
  return message.length > 256 ? "" : new TextDecoder().decode(message.subarray(5));
}
