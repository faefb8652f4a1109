/**
 * What words of SQL do, which no plan may: said beside the place where one stands, so that whoever wrote
 * the plan learns why, and not only where. What a word is refused for is that it stands in no recipe; a
 * word that is not here is refused all the same.
 */
import type { Token } from "./token.ts";

const HAZARDS: readonly (readonly [words: string, does: string])[] = [
  ["DROP TRUNCATE", "a plan removes nothing but what its own recipe names"],
  ["DELETE", "a plan deletes no rows, except all of a table that a replace fills again"],
  ["UPDATE", "a plan changes rows only by the keys of an upsert"],
  ["ALTER RENAME", "a plan changes no table, role or setting"],
  ["COPY LOAD OUTFILE DUMPFILE IMPORT EXPORT ATTACH DETACH", "it reaches files of the server"],
  [
    "READ_CSV READ_JSON READ_TEXT READ_BLOB READ_PARQUET GLOB SNIFF_CSV PG_READ_FILE PG_LS_WALDIR LOAD_FILE",
    "it reads files of the server",
  ],
  ["INSTALL EXTENSION", "it has the database run other code"],
  [
    "FUNCTION PROCEDURE TRIGGER RULE EVENT MACRO CALL DO EXECUTE PREPARE",
    "it runs code of its own",
  ],
  ["GRANT REVOKE OWNER ROLE USER AUTHORIZATION", "it changes who may do what"],
  ["SYSTEM GLOBAL PERSIST", "it changes the whole server"],
  ["COMMIT ROLLBACK BEGIN START SAVEPOINT ABORT RELEASE", "transactions are the loader's alone"],
  ["LOCK UNLOCK GET_LOCK PG_ADVISORY_LOCK HANDLER", "it keeps others from their work"],
  [
    "PG_SLEEP SLEEP BENCHMARK GENERATE_SERIES RECURSIVE REPEAT RANDOMBLOB",
    "it need not come to an end",
  ],
  ["WHERE LIMIT OFFSET HAVING QUALIFY USING SAMPLE", "it could leave out some of the rows"],
  ["SELECT FROM", "it reads what was not sent"],
  ["DISTINCT", "it could leave out rows that are alike"],
  ["IGNORE NOTHING", "rows that do not fit would be lost without a word"],
  ["REPLACE", "it removes rows that are in the way, with all that depends on them"],
  ["RETURNING", "it calls functions for each row"],
  ["UNION JOIN CROSS ASOF POSITIONAL", "it could add rows that were not sent"],
  ["CAST CONVERT TRY_CAST", "it could change a value that is then counted as loaded"],
  ["NULL DEFAULT", "a value that was sent would not be kept"],
  ["CASCADE", "it reaches whatever depends on the table"],
  ["TEMP TEMPORARY UNLOGGED", "what it makes is not kept"],
  ["VIEW INDEX SEQUENCE SCHEMA", "a plan makes its own tables and nothing else"],
  ["ASC", "of rows with one key the first would win"],
];

const KNOWN: ReadonlyMap<string, string> = new Map(
  HAZARDS.flatMap(([words, does]) => words.split(" ").map((word) => [word, does] as const)),
);

/** What a word does that no plan may, as a clause; undefined where nothing is known of it. */
export function hazardOf(token: Token | undefined): string | undefined {
  return token?.kind === "word" ? KNOWN.get(token.text) : undefined;
}
