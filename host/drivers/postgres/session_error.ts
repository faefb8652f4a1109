/** A session that is no more, or that never came to be. */

/** The code, which is classified like a SQLSTATE, says it all. */
export class SessionError extends Error {
  /**
   * `CONNECTION_CLOSED`, `STATEMENT_TIMEOUT`, `CONNECT_TIMEOUT`, `NOT_A_COPY`, `COPY_FAILED`; `TLS_…` and
   * `CHANNEL_BINDING_…`; `ECONNREFUSED` and its like; or what the server says of a password.
   */
  readonly code: string;

  /** The cause is for developers; people get the code's sentence. */
  constructor(code: string, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}
