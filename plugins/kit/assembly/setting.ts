// The plugin's own settings, as its manifest declares them. The driver's, secrets among them, are
// not here to be read.

import { config_number, config_text } from "./host";
import { give, take } from "./memory";

/** Settings by name. A setting with a default in the manifest is always set. */
export namespace setting {
  /** A text; empty where it is not set. */
  export function text(name: string): string {
    return take(config_text(give(name)));
  }

  /** An integer; 0 where it is not set. */
  export function integer(name: string): i64 {
    return config_number(give(name));
  }

  /** A flag; false where it is not set. */
  export function flag(name: string): bool {
    return config_number(give(name)) != 0;
  }
}
