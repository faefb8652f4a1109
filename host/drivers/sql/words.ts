/**
 * What a family of databases calls things: all that is needed to write SQL for it without asking
 * it.
 */
export interface SqlWords {
  /** Bytes of an identifier. */
  readonly identifierBytesMax: number;
  /** Parameters of one statement. */
  readonly parametersMax: number;
  /** A name as an identifier, in which every letter stands for itself. */
  quote(name: string): string;
  /** Names that the database takes for the same become equal. */
  foldCase(name: string): string;
  /** A parameter; they count from 1. */
  placeholder(number: number): string;
  /** Why the database can have nothing of that name, as a predicate; undefined where it can. */
  nameFault?(name: string): string | undefined;
  /** Schema of a session's temporary tables; none where their names stand alone. */
  readonly temporarySchema: string | undefined;
  /** Whether DDL commits what is open, and is not undone; false by default. */
  readonly ddlCommits?: boolean;
  /** Whether UPDATE has a RETURNING; true by default. */
  readonly returning?: boolean;
  /**
   * Whether the host's tables refer to the row of their load by a foreign key; true by default. Where
   * that keeps others from changing or locking the row, they do not.
   */
  readonly references?: boolean;
  /** Empties a staging table many times in one transaction; by DELETE where this is left out. */
  emptied?(table: string): string;
  /** Whether it is the database that tells which staged rows have one key; false by default. */
  readonly comparesStaged?: boolean;
  /** Whether COMMIT empties a plan's staging table; false by default. */
  readonly commitEmptiesStaging?: boolean;
  /** Types of the host's own tables. */
  readonly types: {
    /** A UUID. */
    readonly id: string;
    readonly integer: string;
    readonly text: string;
    /** A table's name, as part of a key. */
    readonly name: string;
    /** A text that is part of a key. */
    readonly key: string;
    readonly json: string;
    readonly bytes: string;
    readonly time: string;
  };
  /** Characters of a text in a key; as many as come by default. */
  readonly keyCharactersMax?: number;
  /** What stands behind the definition of each of them; nothing by default. */
  readonly tableOptions?: string;
  /**
   * Whether a transaction can go back to a savepoint: true by default. Where it cannot, parts of a batch
   * are written again after each one that was refused.
   */
  readonly savepoints?: boolean;
  /** Held until the transaction ends by whoever prepares a load; none where BEGIN locks others out. */
  readonly lock?: string;
  /**
   * A query for the names of the columns that a table has whose quoted name is its parameter, or
   * that is made for it; none where it is not there.
   */
  readonly columnsOf: string | ((quoted: string) => string);
  /** The present time, as such a column keeps it. */
  readonly now: string;
  /**
   * Ends a SELECT whose rows are to stay as they are until the transaction ends; none where nobody else
   * can write meanwhile.
   */
  readonly forUpdate?: string;
  /**
   * A query for the schemas in which there is a ledger that this session may read, null where its name
   * stands alone; no row where there is none.
   */
  readonly ledgers: string;
  /** A time of the host's own tables as a text, ISO 8601 in UTC with three or six decimals. */
  timeText(expression: string): string;
  /** The hex digits of bytes. */
  hex(expression: string): string;
}

/** A table with its schema, where it has one, in quotes. */
export function qualified(words: SqlWords, schema: string | undefined, name: string): string {
  return schema === undefined ? words.quote(name) : `${words.quote(schema)}.${words.quote(name)}`;
}
