import type { Plan } from "../../src/plugin_api/plan.ts";
import type { Shape } from "../../src/model/batch.ts";
import { parseTemplate } from "../../src/plan_policy/slot.ts";
import { shownToken, tokensOf } from "../../src/plan_policy/token.ts";
import type { Accepted, Judge } from "./judge.ts";

type Phase = "create" | "prepare" | "stage" | "write" | "merge" | "finish";

/** Words that statements begin with, by where they stand. */
const FIRST: Readonly<Record<Phase, readonly string[]>> = {
  create: ["CREATE"],
  prepare: ["CREATE", "DROP"],
  stage: ["CREATE", "DROP"],
  write: ["INSERT"],
  merge: ["INSERT"],
  finish: ["DELETE", "TRUNCATE", "INSERT", "DROP", "ANALYZE"],
};
/** Words behind which a table stands, and what may be there. */
const TABLE_AFTER = new Set(["INTO", "FROM", "TABLE", "TRUNCATE", "ANALYZE", "LIKE"]);
const TABLES = new Set(["{table}", "{staging}", "{aside}"]);
const BETWEEN = new Set(["TABLE", "IF", "NOT", "EXISTS"]);
/** Words that no statement of a load has. */
const NEVER = new Set([
  ...[
    "ALTER",
    "GRANT",
    "REVOKE",
    "ATTACH",
    "DETACH",
    "VACUUM",
    "PRAGMA",
    "EXECUTE",
    "PREPARE",
    "CALL",
  ],
  ...[
    "PROGRAM",
    "RETURNING",
    "UNION",
    "JOIN",
    "CASCADE",
    "REFERENCES",
    "TRIGGER",
    "FUNCTION",
    "INDEX",
  ],
  ...["DEFAULT", "CHECK", "LIMIT", "HAVING", "BEGIN", "ROLLBACK", "LOAD_EXTENSION", "REPLACE"],
]);

/**
 * What no accepted plan may do, whatever the patterns of its dialect say: here stands in a few
 * sentences about words what the forms are to bring about.
 */
export const safeByWords: Judge = (accepted: Accepted) => {
  if (accepted.kind === "session") return undefined;
  const { plan, shape } = accepted;
  for (const [phase, sql] of statements(plan)) {
    const fault = faultOf(words(sql, shape), { phase, shape });
    if (fault !== undefined) return `${phase}: ${fault}: ${JSON.stringify(sql)}`;
  }
  return undefined;
};

function statements(plan: Plan): (readonly [Phase, string])[] {
  return [
    ...(["create", "prepare", "stage", "merge", "finish"] as const).flatMap((phase) =>
      plan[phase].map((sql) => [phase, sql] as const)
    ),
    ["write", plan.write.sql],
  ];
}

function words(sql: string, { columns }: Shape): string[] {
  const tokens = tokensOf(parseTemplate(sql, columns.length));
  return typeof tokens === "string" ? [tokens] : tokens.map(shownToken);
}

function faultOf(
  tokens: readonly string[],
  { phase, shape: { mode, columns } }: { readonly phase: Phase; readonly shape: Shape },
): string | undefined {
  if (!FIRST[phase].includes(tokens[0]!)) return `it begins with ${tokens[0]}`;
  if (tokens.includes("{keys}") && !columns.some(({ key }) => key)) return "it lists no keys";
  const replacing = mode === "replace" && phase === "finish";
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1] ?? "its end";
    if (NEVER.has(token)) return `it has the word ${token}`;
    if (TABLE_AFTER.has(token) && !BETWEEN.has(next) && !TABLES.has(next)) {
      return `behind ${token} stands ${next}`;
    }
    const onConflict = tokens[i - 1] === "DO" || tokens.slice(i - 2, i).join() === "DUPLICATE,KEY";
    if (token === "UPDATE" && (!onConflict || mode !== "upsert")) return "it updates";
    if (token === "WHERE" && next !== "0") return "it has a condition";
  }
  const last = tokens.at(-1)!;
  switch (tokens[0]) {
    case "DROP":
      return last === "{staging}" || last === "{aside}" ? undefined : `it drops ${last}`;
    case "TRUNCATE":
    case "DELETE":
      return replacing && last === "{table}" ? undefined : `it empties ${last} in ${mode}`;
    default:
      return undefined;
  }
}
