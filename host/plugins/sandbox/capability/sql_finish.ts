import { addStatement, type Call } from "../call.ts";
import { LIMITS } from "../../../../src/model/limits.ts";

/** Adds a statement that runs once a load, as it is completed. */
export function sql_finish(call: Call, statement: bigint): void {
  addStatement(call, call.draft.finish, statement, LIMITS.statementsPerPhaseMax);
}
