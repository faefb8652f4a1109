/** Failures of the network and of the system, as Node's codes name them. */
import type { FailureCodes } from "../failure_codes.ts";

/** Clauses about them. */
export const NETWORK_FAILURES: FailureCodes = {
  connection: {
    "ECONNABORTED ECONNRESET EPIPE": "the connection was lost",
  },
  unavailable: {
    ECONNREFUSED: "nothing listens there: is the server running, are host and port right?",
    ENOENT: "there is no such socket: is the server running, are folder and port right?",
    ENOTFOUND: "the host's name is not known",
    EAI_AGAIN: "the host's name could not be looked up right now",
    "EHOSTDOWN EHOSTUNREACH": "the host cannot be reached",
    "ENETDOWN ENETUNREACH": "the network cannot be reached",
    ETIMEDOUT: "the host does not answer",
  },
  privilege: {
    EACCES: "this user may not use the socket",
  },
  resource: {
    EMFILE: "this process has too many files and sockets open",
    ENFILE: "this system has too many files and sockets open",
  },
};
