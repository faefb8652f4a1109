import { addStatement, type Call } from "../call.ts";
import { LIMITS } from "../../../../src/model/limits.ts";

/** Adds a statement that runs once a connection that carries a lane. */
export function sql_stage(call: Call, statement: bigint): void {
  addStatement(call, call.draft.stage, statement, LIMITS.statementsPerPhaseMax);
}
