/** Serves a PGlite in memory on the Unix socket that is named, in a process of its own; says when it does. */
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const db = await PGlite.create();
// A database has one session: those who connect take turns, transaction by transaction.
await new PGLiteSocketServer({ db, path: Deno.args[0]!, maxConnections: 4 }).start();
console.log("ready");
