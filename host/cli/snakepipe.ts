/** The program, from its words to its exit status. */
import { main } from "./main.ts";

// Ends it even where a connection that was given up on is still being tried.
Deno.exit(await main(Deno.args));
