import * as v from "valibot";
import { WRITE_MODES, type WriteMode } from "../model/batch.ts";
import { type ConfigSchema, ConfigSchemaSchema } from "../model/config_schema.ts";
import { ABI_VERSION, versionRefusal } from "./version.ts";
import { type ManifestWords, ManifestWordsSchema } from "./words.ts";

const Word = v.pipe(
  v.string(),
  v.regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    butReceived("lower-case letters, digits, - or _, at most 63, the first a letter"),
  ),
);
const Scheme = v.pipe(
  v.string(),
  v.regex(
    /^[a-z][a-z0-9+.-]{0,30}$/,
    butReceived("a URL scheme such as mydb, without ://, in small letters"),
  ),
);
const Count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1));

/** Characters of what came that a message shows. */
const SHOWN_MAX = 60;

function butReceived(expected: string): (issue: v.BaseIssue<unknown>) => string {
  return ({ input }) =>
    `Expected ${expected} but received ${JSON.stringify(String(input).slice(0, SHOWN_MAX))}`;
}

/** What a plugin's manifest must be; see {@linkcode Manifest}. */
export const ManifestSchema: v.GenericSchema<unknown, Manifest> = v.strictObject({
  abi: v.literal(
    ABI_VERSION,
    ({ input, received }) =>
      Number.isInteger(input)
        ? versionRefusal(input as number)
        : `Expected ABI ${ABI_VERSION} but received ${received}`,
  ),
  name: Word,
  version: v.pipe(
    v.string(),
    v.maxLength(64),
    v.regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, butReceived("a version such as 1.2.3")),
  ),
  backend: Word,
  driver: Word,
  schemes: v.pipe(v.array(Scheme), v.minLength(1), v.maxLength(8), v.readonly()),
  config: ConfigSchemaSchema,
  capabilities: v.strictObject({
    modes: v.pipe(v.array(v.picklist(WRITE_MODES)), v.minLength(1), v.readonly()),
    transactions: v.boolean(),
    limits: v.strictObject({
      parametersMax: Count,
      rowsPerStatementMax: Count,
      identifierBytesMax: Count,
    }),
  }),
  words: v.exactOptional(ManifestWordsSchema),
}) as v.GenericSchema<unknown, Manifest>;

/** What a plugin says of itself. */
export interface Manifest {
  /** Version of the contract, {@linkcode ABI_VERSION}. */
  readonly abi: number;
  /** The plugin's own name. */
  readonly name: string;
  /** Semantic version of the plugin. */
  readonly version: string;
  /** The backend type that it serves, as in `createBackend(type, …)`. */
  readonly backend: string;
  /** The driver family of the host that it plans for. */
  readonly driver: string;
  /** URL schemes it answers to. */
  readonly schemes: readonly string[];
  /** Settings of the plugin itself; the driver's stand beside them. */
  readonly config: ConfigSchema;
  /** Features and limits. */
  readonly capabilities: {
    readonly modes: readonly WriteMode[];
    readonly transactions: boolean;
    readonly limits: {
      /** Bound parameters in one statement. */
      readonly parametersMax: number;
      /** Rows in one statement. */
      readonly rowsPerStatementMax: number;
      /** Bytes of an identifier. */
      readonly identifierBytesMax: number;
    };
  };
  /** Words of SQL that it asks for beside those of its driver's recipes; none by default. */
  readonly words?: ManifestWords;
}
