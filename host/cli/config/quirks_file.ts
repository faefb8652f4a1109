/** Files in which an author says in what a database differs from others. */
import * as v from "valibot";
import { parse } from "../../../src/config/parse.ts";
import { didYouMean } from "../../../src/model/near_word.ts";
import { conformanceCases, type Quirks } from "../../conformance/conformance.ts";
import { caseLabel } from "../output/conformance_lines.ts";
import { readJsonFile } from "./json_file.ts";
import { usage } from "../options/option_values.ts";

const QuirksSchema: v.GenericSchema<unknown, Quirks> = v.record(
  v.string(),
  v.strictObject({
    is: v.pipe(v.unknown(), v.transform((value) => value as Quirks[string]["is"])),
    why: v.pipe(v.string(), v.minLength(1, "Expected a reason")),
  }),
);

/** Reads one. @throws {LoadError} `usage` for cases that there are not, `config_invalid` */
export async function readQuirks(file: string): Promise<Quirks> {
  const json = await readJsonFile(file, "config_invalid");
  if (json === undefined) throw usage(`No such file of quirks: ${file}`);
  const quirks = parse(QuirksSchema, json, {
    ...{ what: `The file of quirks ${file}`, code: "config_invalid", blame: "config" },
  });
  const labels = conformanceCases().flatMap(({ group, name, way }) => [
    `${group}: ${name}`,
    ...(way === undefined ? [] : [caseLabel({ group, name, way })]),
  ]);
  const strange = Object.keys(quirks).filter((label) => !labels.includes(label));
  if (strange.length > 0) {
    const each = strange.map((label) => `${label}${didYouMean(label, labels)}`);
    throw usage(`There are no such cases, in ${file}: ${each.join("; ")}`);
  }
  return quirks;
}
