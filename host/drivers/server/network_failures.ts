/** Failures of the network and of the system, as Node's codes name them. */
import type { CodesOfKinds } from "../kinds_by_code.ts";

/** Codes by what they stand for; see `kinds_by_code.ts`. */
export const NETWORK_KINDS: CodesOfKinds = {
  connection: "ECONNABORTED ECONNRESET EPIPE",
  unavailable: "ECONNREFUSED ENOENT ENOTFOUND EAI_AGAIN EHOSTDOWN EHOSTUNREACH ENETDOWN " +
    "ENETUNREACH ETIMEDOUT",
  privilege: "EACCES",
  resource: "EMFILE ENFILE",
};

/** Clauses about them. */
export const NETWORK_CLAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there: is the server running, are host and port right?",
  ENOENT: "there is no such socket: is the server running, are folder and port right?",
  EACCES: "this user may not use the socket",
  ENOTFOUND: "the host's name is not known",
  EAI_AGAIN: "the host's name could not be looked up right now",
  EHOSTDOWN: "the host cannot be reached",
  EHOSTUNREACH: "the host cannot be reached",
  ENETDOWN: "the network cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "the host does not answer",
  ECONNABORTED: "the connection was lost",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  EMFILE: "this process has too many files and sockets open",
  ENFILE: "this system has too many files and sockets open",
};
