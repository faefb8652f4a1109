/** The table's name where none is given: that of the one file that is loaded. */
import { isGlob } from "@std/path/is-glob";
import { LoadError } from "../../../src/model/errors.ts";
import { STANDARD_INPUT } from "../../sources/input.ts";

/** Every database takes it as it stands, quoted or not. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const SUFFIX = /(?:\.[A-Za-z0-9]+)?(?:\.gz)?$/i;

/**
 * The name that a source gives its table: `nodes` for `data/nodes.ndjson.gz`.
 *
 * @throws {LoadError} `usage` where there is no one file, or its name is no plain name
 */
export function tableOfSources(sources: readonly string[]): string {
  const [source = "", ...more] = sources;
  if (source === STANDARD_INPUT) throw unnamed("Standard input has no name to call it by");
  if (more.length > 0) throw unnamed("Several files have no one name to call it by");
  if (isGlob(source)) throw unnamed("A pattern has no name to call it by");
  const name = source.split(/[\\/]/).at(-1)!.replace(SUFFIX, "");
  if (NAME.test(name)) return name;
  throw unnamed(
    "The file's name cannot be the table's, which would be of letters, digits and _, at most 63, " +
      "and begin with no digit",
  );
}

/** What the report says of it. */
export function tableNote(table: string): string {
  return `The table was not named: ${table} is the name of the file`;
}

function unnamed(why: string): LoadError {
  return new LoadError(`A table must be named, as in --table nodes. ${why}`, {
    code: "usage",
    blame: "config",
  });
}
