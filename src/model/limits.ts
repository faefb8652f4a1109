/**
 * Limits that several files share, each with its unit in its name. The relations between them are asserted
 * by `test/unit/model/limits_test.ts`.
 */
export const LIMITS = {
  /** Size of a plugin's file. */
  moduleBytesMax: 4 * 1024 * 1024,
  /** Milliseconds that the download of a plugin may take, redirects included. */
  downloadMsMax: 60_000,
  /**
   * Milliseconds within which something has to come during a download: a server that is slow sends now
   * and then, and one that stalls is told of before whoever waits gives up.
   */
  downloadSilenceMsMax: 15_000,
  /** Redirects that a download follows. */
  downloadRedirectsMax: 5,
  /** Functions that a plugin may define. */
  functionsMax: 20_000,
  /** Size of one function's body. */
  functionBodyBytesMax: 512 * 1024,
  /** Function types that a plugin may define. */
  typesMax: 10_000,
  /** Imports that a plugin may name. */
  importsMax: 256,
  /** Exports that a plugin may name. */
  exportsMax: 1_000,
  /** Parameters, or results, of a function type. */
  parametersMax: 1_000,
  /** Locals of a function, beside its parameters. */
  localsMax: 5_000,
  /** How deep blocks may be nested in a function. */
  nestingMax: 1_000,
  /** Targets of all `br_table` in a function. */
  branchTargetsMax: 10_000,
  /** Globals that a plugin may define. */
  globalsMax: 1_000,
  /** Element segments, and data segments, of a plugin. */
  segmentsMax: 10_000,
  /** Elements of all its segments: each is set in every instance. */
  elementsMax: 100_000,
  /** Values that the engine has to keep track of as it compiles a plugin; see `validation_cost.ts`. */
  burdenMax: 2_000_000,
  /** Tables that a plugin may define. */
  tablesMax: 16,
  /** Elements of one table of a plugin, at first and ever. */
  tableElementsMax: 10_000,
  /** Pages of 64 KiB of a plugin's own memory, at first and ever. */
  guestPagesMax: 256,
  /** Fuel for one call into a plugin, and for its start function: about one unit an instruction. */
  fuelPerCall: 100_000_000,
  /** Extism blocks alive within one call. Extism's own handles break at 32,766. */
  blocksPerCallMax: 30_000,
  /** Bytes in Extism blocks within one call. */
  blockBytesPerCallMax: 16 * 1024 * 1024,
  /** What a plugin may hand out of one call. */
  outputBytesMax: 1024 * 1024,
  /** What the host reads of a plugin's texts in one call, however often they are the same. */
  readBytesPerCallMax: 2 * 1024 * 1024,
  /** A manifest. Each fault of one becomes a line: half a million of them fit into a mebibyte. */
  manifestBytesMax: 64 * 1024,
  /** How deep a manifest may be nested. */
  manifestDepthMax: 32,
  /** One statement of a plan. */
  statementBytesMax: 64 * 1024,
  /** All statements of a plan: what checks them takes up to a microsecond a byte. */
  planBytesMax: 256 * 1024,
  /** What the row template of an INSERT comes to, for all rows of a statement. */
  insertBytesMax: 4 * 1024 * 1024,
  /** Statements in one phase of a plan. */
  statementsPerPhaseMax: 64,
  /** Plans in use that a plugin is asked for before it takes another's place; each takes some milliseconds. */
  rehearsedPlansMax: 32,
  /** Columns of a shape. */
  columnsMax: 1_600,
  /** Rows of a batch, where nobody says otherwise. */
  batchRowsDefault: 100_000,
  /** Bytes of a batch, where nobody says otherwise. */
  batchBytesDefault: 16 * 1024 * 1024,
  /** Bytes of a batch that is written in one pass from where it was read to, where nobody says otherwise. */
  onePassBytesDefault: 4 * 1024 * 1024,
  /** Rows of a batch, whatever a plan says: a group of DuckDB's. */
  batchRowsMax: 122_880,
  /** Bytes of a batch, whatever a plan says; a load has two for each lane. */
  batchBytesMax: 32 * 1024 * 1024,
  /** Bytes of a batch that is read while it is written: for a server, a second's work or two. */
  rangeBytesMax: 128 * 1024 * 1024,
  /** One record; a larger one is refused. */
  recordBytesMax: 64 * 1024 * 1024,
  /** How deep JSON may be nested within a record. */
  jsonDepthMax: 512,
  /** Log lines that a plugin may write in one call. */
  logLinesPerCallMax: 100,
  /** One log line of a plugin. */
  logLineBytesMax: 4 * 1024,
  /** Loads that `snakepipe run` has under way at once, where nobody says otherwise. */
  jobsDefault: 4,
  /** Loads that it may have under way at once. */
  jobsMax: 64,
  /** Bytes of a pipe that one of several targets may be behind another; they are kept in memory. */
  teeBytesMax: 64 * 1024 * 1024,
  /** How long the others wait in all for a target that is further behind, in milliseconds. */
  teeWaitMsMax: 30_000,
  /** How long the audit log is waited for while another program writes to it, in milliseconds. */
  auditWaitMs: 10_000,
  /** One line of an audit log. */
  auditLineBytesMax: 4 * 1024 * 1024,
  /** Rows by which it is measured how fast a plugin is. */
  speedRows: 100_000,
  /** Characters that are kept of what a database says it is. */
  productNameMax: 100,
  /** Seconds that `snakepipe serve` waits for loads after a signal, where nobody says otherwise. */
  drainSecondsDefault: 30,
  /** Seconds that it may be told to wait. */
  drainSecondsMax: 3_600,
  /** Loads that `snakepipe loads` shows, where nobody says otherwise. */
  pastLoadsDefault: 20,
  /** Loads that it may be asked for. */
  pastLoadsMax: 100_000,
  /** Running loads of a database that `snakepipe status` shows. */
  statusLoadsMax: 100,
  /** Loads that the API tells of at once, where nobody says otherwise. */
  pastLoadsPageDefault: 50,
  /** Loads that it may be asked for at once. */
  pastLoadsPageMax: 1_000,
  /** Events that a program keeps for who asks. */
  eventsMax: 1_000,
  /** Characters of one of them. */
  eventTextMax: 4_000,
  /** Samples that are kept of a run, one for each second. */
  samplesMax: 600,
  /** Runs of a load that a program that stays remembers. */
  runsMax: 50,
  /** Sets of labels of one metric. */
  metricSeriesMax: 2_000,
  /** Connections of the API at once: a program has some 1,000 descriptors, and loads need theirs. */
  apiConnectionsMax: 128,
  /** Milliseconds until the head of a request is there. */
  apiHeadMsMax: 10_000,
  /** Milliseconds in which a connection of the API sends and reads nothing; events come every 15 s. */
  apiSilenceMsMax: 60_000,
  /** Milliseconds that answers of the API have to come to their end when the program ends. */
  apiEndMsMax: 2_000,
  /** Connections of one pool, at the most. */
  poolSizeMax: 64,
} as const;
