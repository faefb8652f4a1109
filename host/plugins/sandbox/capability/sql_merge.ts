import { addStatement, type Call } from "../call.ts";
import { LIMITS } from "../../../../src/model/limits.ts";

/** Adds a statement that runs in each batch, once its rows stand in staging. */
export function sql_merge(call: Call, statement: bigint): void {
  addStatement(call, call.draft.merge, statement, LIMITS.statementsPerPhaseMax);
}
