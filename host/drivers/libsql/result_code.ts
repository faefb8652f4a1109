/**
 * The names of SQLite's result codes (https://sqlite.org/rescode.html), for engines that tell the
 * number alone.
 */

/** By primary code, from 1. */
const PRIMARY: readonly string[] = [
  ..."ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT".split(" "),
  ..."NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE".split(" "),
  ..."NOLFS AUTH FORMAT RANGE NOTADB NOTICE WARNING".split(" "),
];

/** Extended codes by primary code: the first is the primary code and 256, and so on. */
const EXTENDED: Readonly<Record<string, readonly string[]>> = {
  ERROR: "MISSING_COLLSEQ RETRY SNAPSHOT".split(" "),
  ABORT: ["_", "ROLLBACK"],
  BUSY: "RECOVERY SNAPSHOT TIMEOUT".split(" "),
  LOCKED: "SHAREDCACHE VTAB".split(" "),
  READONLY: "RECOVERY CANTLOCK ROLLBACK DBMOVED CANTINIT DIRECTORY".split(" "),
  IOERR: [
    ..."READ SHORT_READ WRITE FSYNC DIR_FSYNC TRUNCATE FSTAT UNLOCK RDLOCK DELETE".split(" "),
    ..."BLOCKED NOMEM ACCESS CHECKRESERVEDLOCK LOCK CLOSE DIR_CLOSE SHMOPEN SHMSIZE".split(" "),
    ..."SHMLOCK SHMMAP SEEK DELETE_NOENT MMAP GETTEMPPATH CONVPATH VNODE AUTH".split(" "),
    ..."BEGIN_ATOMIC COMMIT_ATOMIC ROLLBACK_ATOMIC DATA CORRUPTFS IN_PAGE".split(" "),
  ],
  CORRUPT: "VTAB SEQUENCE INDEX".split(" "),
  CANTOPEN: "NOTEMPDIR ISDIR FULLPATH CONVPATH DIRTYWAL SYMLINK".split(" "),
  CONSTRAINT: [
    ..."CHECK COMMITHOOK FOREIGNKEY FUNCTION NOTNULL PRIMARYKEY TRIGGER UNIQUE VTAB".split(" "),
    ..."ROWID PINNED DATATYPE".split(" "),
  ],
  AUTH: ["USER"],
};

/** `SQLITE_` and the name of a result code; of one that is not known, the name of its family. */
export function resultCodeName(code: number): string {
  const primary = PRIMARY[(code & 0xff) - 1];
  if (primary === undefined) return "SQLITE_UNKNOWN";
  const extended = EXTENDED[primary]?.[(code >> 8) - 1];
  return `SQLITE_${primary}${extended === undefined || extended === "_" ? "" : `_${extended}`}`;
}
