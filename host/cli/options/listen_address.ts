/** Where to listen, as options name it. */
import * as v from "valibot";
import type { Listen } from "../../api/access.ts";

const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[^:[\]/\s]+):(\d{1,5})$/;

/** An address and a port; undefined for anything else. */
export function tcpOf(written: string): Listen | undefined {
  const [, hostname, port] = ADDRESS.exec(written) ?? [];
  if (hostname === undefined || Number(port) > 65_535) return undefined;
  return { kind: "tcp", hostname: hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
}

/** A port of this machine alone, or an address with one: `:7412`, `0.0.0.0:7412`. */
export const StatusAddress: v.GenericSchema<unknown, Listen> = v.pipe(
  v.string(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): Listen => {
    const listen = tcpOf(value.startsWith(":") ? `127.0.0.1${value}` : value);
    if (listen) return listen;
    addIssue({ message: "Expected a port, or an address and a port, as in :7412 or 0.0.0.0:7412" });
    return NEVER;
  }),
);
