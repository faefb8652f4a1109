/** What an author may try for a case that has failed. */
import type { CaseOutcome } from "./run_suite.ts";

/** By what the message says: what is said first holds. */
const BY_MESSAGE: readonly (readonly [says: RegExp, advice: string])[] = [
  [
    /21000|a second time/,
    "Rows of one INSERT have the same key: stage them with {ordinal} and merge the newest of each " +
    "key, or let a statement have one row",
  ],
  [
    /plan_refused/,
    "The plan is refused before it runs: snakepipe check FILE says how its statements would fit",
  ],
  [
    /left over/,
    "A table stays behind: {staging} has to be temporary, and {aside} made in sql_prepare alone",
  ],
  [/privilege_missing/, "Grant the user what the statement needs"],
];

/** By what is tried, where its group says too little. */
const BY_NAME: readonly (readonly [name: RegExp, advice: string])[] = [
  [
    /equal in any case/,
    "Where the database has no text that is equal in any case, it differs: --quirks says so",
  ],
];

/** By what the case is about. */
const BY_GROUP: Readonly<Record<string, string>> = {
  "shapes": "Look at the plan for such a shape: snakepipe check FILE lists those that it makes",
  "types": "Look at what typeOf says for the type: a value that changes, or is refused, needs a " +
    "type that holds it",
  "the same rows everywhere": "One of the values changes or is refused: the types that typeOf " +
    "names have to hold it",
  "U+0000": "Look at what typeOf says for text and json",
  "keys": "Look at the upsert: of rows with one key the last one stays, and each has to count, " +
    "so DO NOTHING will not do",
  "own columns": "The INSERT may name {columns} alone, and the update the columns beside the key",
  "absent fields":
    "A plan is asked for the columns that rows have: nothing in it may count on others",
  "rules": "Rows have to reach the table itself by INSERT, so that its rules see each of them",
  "names": "Names go by slots alone, and limits of the manifest says how long they may be",
  "wide tables": "Look at limits in the manifest, and build long texts by list or join, not by +=",
  "resume":
    "The target may change in sql_insert and sql_merge alone, and of a replace in sql_finish",
};

/** A sentence without a full stop; undefined for a group that nothing is known of. */
export function adviceFor({ group, name, message = "" }: CaseOutcome): string | undefined {
  return BY_MESSAGE.find(([says]) => says.test(message))?.[1] ??
    BY_NAME.find(([said]) => said.test(name))?.[1] ?? BY_GROUP[group];
}
