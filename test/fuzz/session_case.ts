import { LoadError } from "../../src/model/errors.ts";
import type { SessionPhase } from "../../src/plan_policy/recipes.ts";
import { checkSessionStatements } from "../../src/plan_policy/plan_policy.ts";
import type { Random } from "../crash/random.ts";
import type { CaseReport } from "./case_report.ts";
import { dialectOf, FAMILIES, type Family } from "./family.ts";
import type { Judge } from "./judge.ts";
import { statementOf } from "./plan_derivation.ts";
import { readSql } from "./sql_reading.ts";
import { mutateStatement } from "./statement_mutation.ts";

/** Words that such statements begin with; none of them does more than set or read. */
const FIRST: Readonly<Record<SessionPhase, readonly string[]>> = {
  session: ["SET", "PRAGMA"],
  teardown: ["PRAGMA"],
  health: ["SELECT"],
};
const PHASES: readonly SessionPhase[] = ["session", "teardown", "health"];
const NO_SHAPE = { table: { name: "t" }, columns: [], mode: "append" } as const;

/** One statement of a session before the policy: accepted or refused, and nothing else. */
export async function sessionCase(
  random: Random,
  { judge }: { readonly judge: Judge },
): Promise<CaseReport> {
  const family = random.oneOf(FAMILIES);
  const dialect = dialectOf(family);
  const from = random.oneOf(PHASES.filter((phase) => dialect[phase].length > 0));
  const fits = random.below(3) === 0;
  let sql = statementOf(random.oneOf(dialect[from]), { dialect, shape: NO_SHAPE, random });
  if (!fits) { do sql = mutateStatement(sql, random); while (random.below(2) === 0); }
  const phase = fits ? from : random.oneOf(PHASES);
  const began = performance.now();
  const refusal = refusalOf(sql, { family, phase });
  const findings: string[] = [];
  if (refusal === undefined) {
    findings.push(...await acceptedSessionFaults([sql], { family, phase, judge }));
  } else if (refusal !== "refused") findings.push(refusal);
  else if (fits) findings.push(`refused what the patterns allow: ${JSON.stringify(sql)}`);
  return {
    outcome: `session, ${refusal === undefined ? "accepted" : "refused"}`,
    findings,
    slowestMs: performance.now() - began,
    shown: () => JSON.stringify({ family, phase, sql }),
  };
}

/** What is wrong with statements of a session that were accepted. */
export async function acceptedSessionFaults(
  statements: readonly string[],
  { family, phase, judge }: {
    readonly family: Family;
    readonly phase: SessionPhase;
    readonly judge: Judge;
  },
): Promise<string[]> {
  const findings: string[] = [];
  for (const sql of statements) {
    const read = readSql(sql);
    const plain = typeof read !== "string" && FIRST[phase].includes(read[0]![1]) &&
      read.every(([kind]) => kind !== "name" && kind !== "parameter");
    if (!plain) findings.push(`accepted in ${phase}: ${JSON.stringify(sql)}`);
    const opinion = await judge({ kind: "session", family, phase, sql });
    if (opinion !== undefined) findings.push(`${phase}: ${opinion}`);
  }
  return findings;
}

function refusalOf(
  sql: string,
  { family, phase }: { readonly family: Family; readonly phase: SessionPhase },
): string | undefined {
  try {
    checkSessionStatements([sql], phase, { plugin: "fuzz", dialect: dialectOf(family) });
    return undefined;
  } catch (error) {
    const typed = error instanceof LoadError && error.code === "plan_refused";
    return typed ? "refused" : `threw ${(error as Error)?.stack ?? error}`;
  }
}
