/**
 * What in a database stands against a load into a table that is there: told before the first row, and
 * once more in the transaction that ends a replace.
 *
 * - A replace truncates the table. The server refuses that where another table refers to it, but only
 *   once everything is loaded; tables that inherit from it would lose their rows with it; and triggers
 *   on TRUNCATE may do anything. Partitions are part of their table.
 * - COPY is refused where row-level security is in force, so that rows go by INSERT unless the settings
 *   insist on COPY. It passes over rules; an INSERT follows them, and they may put its rows elsewhere.
 * - Privileges that are missing are named, where the server would say no more than that one is.
 */
import { tableLabel, type WriteMode } from "../../../src/model/batch.ts";
import { type ErrorCode, LoadError } from "../../../src/model/errors.ts";
import type { TargetLoad } from "../sql/family.ts";
import { copiedInsert } from "./bulk.ts";
import { SYSTEM_COLUMNS } from "./catalog.ts";
import { quoteName } from "./names_and_types.ts";
import type { Session } from "./session.ts";
import { type Finding, findingsOf, namesakesOf } from "./target_findings.ts";

/**
 * Refuses a load that would change another table, or whose rows would not get where they are meant
 * to. Returns what the user should know although it goes on: one sentence each.
 *
 * @throws {LoadError} `table_refused`, with the table, what stands against the load, and the way out;
 * `privilege_missing`, with the GRANT that helps; `name_refused` for a name that columns cannot have
 */
export async function checkTarget(
  session: Session,
  load: TargetLoad,
): Promise<string[]> {
  const { bulk } = session;
  const { shape: { columns, mode }, table, there } = load;
  const label = tableLabel(table);
  const system = columns.find(({ name }) => SYSTEM_COLUMNS.includes(name));
  if (system) {
    throw refused(
      `Column ${system.name} is one that PostgreSQL keeps in every table for itself: rename the ` +
        `field, or leave it out of the source, to load into ${label}`,
      "name_refused",
    );
  }
  if (!there) {
    return (await namesakesOf(session, load)).map((name) =>
      `Table ${name} is another than ${label}, which is made again: PostgreSQL tells upper and lower case apart`
    );
  }
  const found = await findingsOf(session, load);
  const secured = found.some(({ what }) => what === "security");
  const { shape, plan: { write, merge } } = load;
  const appendsByCopy = mode === "append" && merge.length === 0 &&
    copiedInsert(bulk, { write, shape }) !== undefined && !(secured && bulk.way === "auto");
  for (const finding of found) {
    const why = refusal(finding, { mode, appendsByCopy }, label);
    if (why !== undefined) throw refused(why);
  }
  checkGrants(found.filter(({ what }) => what === "grant"), label);
  if (mode !== "replace") return [];
  return found.filter(({ what }) => what === "delete").map(({ name, table }) =>
    `Trigger ${name} of ${table} does not fire for the rows that a replace removes: it truncates, and the trigger is on DELETE`
  );
}

function checkGrants(lacking: readonly Finding[], label: string): void {
  if (lacking.length === 0) return;
  const role = quoteName(lacking[0]!.table);
  const grants = lacking.map(({ name }) => `GRANT ${name} TO ${role}`).join("; ");
  throw refused(
    `The role ${role} lacks privileges for a load into ${label}: ${grants}`,
    "privilege_missing",
  );
}

/** What stands against a replace alone. */
const OF_REPLACE: ReadonlySet<Finding["what"]> = new Set(["inherits", "key", "truncate"]);

function refusal(
  { what, name, table }: Finding,
  { mode, appendsByCopy }: { readonly mode: WriteMode; readonly appendsByCopy: boolean },
  label: string,
): string | undefined {
  if (OF_REPLACE.has(what) && mode !== "replace") return undefined;
  switch (what) {
    case "foreign":
      return `Table ${label} has a partition that is a foreign table, ${table}: its rows are committed ` +
        "by another server, not together with the ledger. Load into the other partitions by name";
    case "inherits":
      return `A replace of ${label} would empty table ${table}, which inherits from it. Load with --mode ` +
        `append or upsert, or end the inheritance: ALTER TABLE ${table} NO INHERIT …`;
    case "key":
      return `A replace of ${label} is not possible while table ${table} refers to it by the foreign key ` +
        `${name}: PostgreSQL truncates no such table. Load with --mode upsert, or drop the ` +
        "constraint and add it again afterwards";
    case "truncate":
      return `A replace of ${label} would fire the trigger ${name} of ${table} on TRUNCATE, which may ` +
        "change other tables. Load with --mode upsert, or disable the trigger for as long as the " +
        "load runs";
    case "rule":
      if (appendsByCopy || (!name.startsWith("3") && mode !== "upsert")) return undefined;
      return `Table ${label} has the rule ${
        name.slice(1)
      }, which may put rows elsewhere. Load into ` +
        "the table that it leads to, or drop the rule; append by COPY passes over rules";
    case "security":
      if (!appendsByCopy) return undefined;
      return `Table ${label} has row-level security, under which PostgreSQL takes no COPY. Load with ` +
        "--set bulk=auto, or as the table's owner, or as a role with BYPASSRLS";
    case "delete":
    case "grant":
      return undefined;
  }
}

function refused(message: string, code: ErrorCode = "table_refused"): LoadError {
  return new LoadError(message, { code, blame: "config" });
}
