/** A program whose API tells what a test has it tell: names that no configuration takes, and thousands. */
import type { ProgramStatus } from "../../../host/api/status_schema.ts";
import { TOLD } from "../../host/api/asked_api.ts";
import { type Api, startApi } from "../../../host/api/server.ts";

/** What is told; nothing of what is left out. */
export interface Told {
  readonly backends?: ProgramStatus["backends"];
  readonly loads?: ProgramStatus["loads"];
  readonly plugins?: ProgramStatus["plugins"];
  readonly config?: ProgramStatus["config"];
}

/** Begins to tell, at a free port. */
export async function tell(
  { backends = [], loads = [], plugins = [], config }: Told,
): Promise<Api> {
  return await startApi({
    listen: { kind: "tcp", hostname: "127.0.0.1", port: 0 },
    names: [],
    actions: {
      ...TOLD,
      status: () => ({
        ...{ program: "serve", version: "0.1.0", pid: Deno.pid, state: "serving" },
        since: new Date().toISOString(),
        ...(config ? { config } : {}),
        ...{ plugins, backends, loads },
      }),
    },
  });
}
