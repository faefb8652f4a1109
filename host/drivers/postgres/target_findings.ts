/** What the catalogue has of a table that may stand against a load into it, in one question. */
import type { Shape } from "../../../src/model/batch.ts";
import type { TargetLoad } from "../sql/family.ts";
import type { Session } from "./session.ts";

/** What was found: what kind of thing, what it is called, and of which table it is. */
export interface Finding {
  /**
   * - `foreign`: a partition that is a foreign table; `inherits`: a table that inherits
   * - `key`: a foreign key of another table; `truncate`, `delete`: a trigger on that; `rule`: a rule
   * - `security`: row-level security is in force
   * - `grant`: a privilege that is missing, in the words of GRANT; `table` is the role
   */
  readonly what:
    | "foreign"
    | "inherits"
    | "key"
    | "truncate"
    | "delete"
    | "rule"
    | "security"
    | "grant";
  readonly name: string;
  readonly table: string;
}

/** What a load does to a table, as privileges; of its columns where that will do. */
const WANTED: Readonly<Record<Shape["mode"], readonly string[]>> = {
  append: ["INSERT"],
  upsert: ["INSERT", "UPDATE", "SELECT"],
  replace: ["INSERT", "SELECT"],
};

/**
 * Whether there may be anything to find: most tables have no trigger (a foreign key is some), no rule, no
 * child, and a role that may do everything. This takes a tenth of the whole question's time.
 */
function suspicion(mode: Shape["mode"]): string {
  const granted = [
    ...[...WANTED[mode], ...mode === "replace" ? ["TRUNCATE"] : []]
      .map((privilege) => `pg_catalog.has_table_privilege(c.oid, '${privilege}')`),
    ...mode === "replace" ? ["pg_catalog.has_schema_privilege(n.oid, 'CREATE')"] : [],
  ];
  return `SELECT c.relkind = 'p' OR c.relhassubclass OR c.relhastriggers OR c.relhasrules
    OR pg_catalog.row_security_active(c.oid) OR NOT (${granted.join(" AND ")})
    OR EXISTS (SELECT FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND c.relname = $2::text`;
}

/**
 * `tree` is the table with its partitions, `key` what refers to any of them, and what that was declared
 * as: a key has a constraint for each pair of partitions. Of a rule, `name` begins with the event: 2 is
 * UPDATE, 3 INSERT. Of triggers, bit 5 is TRUNCATE and bit 3 DELETE (src/include/catalog/pg_trigger.h);
 * `R` fires on replicas alone, `D` never. A default that counts on a sequence wants a privilege on it
 * where the load lacks the column.
 */
const FINDINGS = `
WITH RECURSIVE root AS (
  SELECT c.oid, c.relkind FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1::text AND c.relname = $2::text AND c.relkind IN ('r', 'p')
), tree AS (
  SELECT oid, relkind FROM root
  UNION ALL
  SELECT c.oid, c.relkind FROM tree t
  JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid AND t.relkind = 'p'
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
), key AS (
  SELECT k.conparentid, k.conname, k.conrelid FROM tree t
  JOIN pg_catalog.pg_constraint k ON k.confrelid = t.oid AND k.contype = 'f'
  WHERE NOT EXISTS (SELECT FROM tree s WHERE s.oid = k.conrelid)
  UNION ALL
  SELECT k.conparentid, k.conname, k.conrelid FROM key
  JOIN pg_catalog.pg_constraint k ON k.oid = key.conparentid
)
SELECT 'foreign' AS what, '' AS name, oid::regclass::text AS of FROM tree WHERE relkind = 'f'
UNION ALL
SELECT 'inherits', '', i.inhrelid::regclass::text FROM tree t
  JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid WHERE t.relkind <> 'p'
UNION ALL
SELECT DISTINCT 'key', conname, conrelid::regclass::text FROM key WHERE conparentid = 0
UNION ALL
SELECT CASE WHEN g.tgtype & 32 <> 0 THEN 'truncate' ELSE 'delete' END, g.tgname,
  g.tgrelid::regclass::text FROM tree t
  JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
  WHERE g.tgtype & 40 <> 0 AND g.tgenabled NOT IN ('D', 'R')
UNION ALL
SELECT 'rule', w.ev_type::text || w.rulename, w.ev_class::regclass::text FROM root t
  JOIN pg_catalog.pg_rewrite w ON w.ev_class = t.oid
  WHERE w.ev_type IN ('2', '3') AND w.ev_enabled NOT IN ('D', 'R')
UNION ALL
SELECT 'security', '', oid::regclass::text FROM root
  WHERE pg_catalog.row_security_active(oid)
UNION ALL
SELECT 'grant', w.privilege || ' ON ' || oid::regclass, current_user::text FROM root
  CROSS JOIN unnest(string_to_array($3::text, ',')) AS w (privilege)
  WHERE NOT pg_catalog.has_table_privilege(oid, w.privilege)
    AND EXISTS (
      SELECT FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = oid AND a.attname = ANY (
          SELECT pg_catalog.json_array_elements_text($5::json))
        AND NOT pg_catalog.has_column_privilege(oid, a.attnum, w.privilege)
    )
UNION ALL
SELECT 'grant', 'TRUNCATE ON ' || oid::regclass, current_user::text FROM root
  WHERE $4::bool AND NOT pg_catalog.has_table_privilege(oid, 'TRUNCATE')
UNION ALL
SELECT 'grant', 'CREATE ON SCHEMA ' || pg_catalog.quote_ident($1::text), current_user::text FROM root
  WHERE $4::bool AND NOT pg_catalog.has_schema_privilege($1::text, 'CREATE')
UNION ALL
SELECT DISTINCT 'grant', 'USAGE ON SEQUENCE ' || s.oid::regclass, current_user::text FROM root t
  JOIN pg_catalog.pg_attrdef d ON d.adrelid = t.oid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  JOIN pg_catalog.pg_depend x ON x.classid = 'pg_catalog.pg_attrdef'::regclass AND x.objid = d.oid
    AND x.refclassid = 'pg_catalog.pg_class'::regclass
  JOIN pg_catalog.pg_class s ON s.oid = x.refobjid
  WHERE a.attname <> ALL (SELECT pg_catalog.json_array_elements_text($5::json))
    AND CASE s.relkind WHEN 'S' THEN
      NOT pg_catalog.has_sequence_privilege(s.oid, 'USAGE, UPDATE') END`;

/** Everything that may stand against a load. */
export async function findingsOf(
  session: Session,
  { place, table, shape: { columns, mode } }: TargetLoad,
): Promise<Finding[]> {
  const at = [place.schema!, table.name];
  const [first] = await session.all(suspicion(mode), at);
  if (first?.[0] === "f") return [];
  const rows = await session.all(FINDINGS, [
    ...at,
    WANTED[mode].join(","),
    String(mode === "replace"),
    JSON.stringify(columns.map(({ name }) => name)),
  ]);
  return rows.map(([what, name, of]) => ({ what, name, table: of }) as Finding);
}

/** Tables beside one that is missing, whose names differ from its own in the case of letters alone. */
export async function namesakesOf(
  session: Session,
  { place, table }: Pick<TargetLoad, "place" | "table">,
): Promise<string[]> {
  const rows = await session.all(
    `SELECT c.relname FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1::text AND c.relkind IN ('r', 'p')
    AND pg_catalog.lower(c.relname) = pg_catalog.lower($2::text) ORDER BY c.relname`,
    [place.schema!, table.name],
  );
  return rows.map(([name]) => name!);
}
