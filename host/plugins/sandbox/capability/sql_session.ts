import { addStatement, type Call } from "../call.ts";
import { LIMITS } from "../../../../src/model/limits.ts";

/** Adds a statement that opens a session. */
export function sql_session(call: Call, statement: bigint): void {
  addStatement(call, call.draft.session, statement, LIMITS.statementsPerPhaseMax);
}
