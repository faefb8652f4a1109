/** The families of databases, whose plans are looked at. */
import type { Dialect } from "../../src/policy/dialect.ts";
import { LIBSQL_FORMS } from "../../host/drivers/libsql/forms.ts";
import { POSTGRES_FORMS } from "../../host/drivers/postgres/forms.ts";

/** A family by name, as manifests name it. */
export type Family = "postgres" | "libsql";

/** Every family. */
export const FAMILIES: readonly Family[] = ["postgres", "libsql"];

/** What plans of a family may be. */
export const DIALECTS: Readonly<Record<Family, Dialect>> = {
  postgres: POSTGRES_FORMS,
  libsql: LIBSQL_FORMS,
};
