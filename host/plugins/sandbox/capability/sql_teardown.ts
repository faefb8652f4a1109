import { addStatement, type Call } from "../call.ts";
import { LIMITS } from "../../../../src/model/limits.ts";

/** Adds a statement that ends a session. */
export function sql_teardown(call: Call, statement: bigint): void {
  addStatement(call, call.draft.teardown, statement, LIMITS.statementsPerPhaseMax);
}
