import { addStatement, type Call } from "../call.ts";

/** Adds the statement that probes health; one only. */
export function sql_health(call: Call, statement: bigint): void {
  addStatement(call, call.draft.health, statement, 1);
}
