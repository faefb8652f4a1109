import { addStatement, type Call } from "../call.ts";
import { LIMITS } from "../../../../src/model/limits.ts";

/** Adds DDL that runs once a load, before its first batch. */
export function sql_prepare(call: Call, statement: bigint): void {
  addStatement(call, call.draft.prepare, statement, LIMITS.statementsPerPhaseMax);
}
