/** The error for a setting `url` that cannot be read. */
import { LoadError } from "../../src/model/errors.ts";

/**
 * `why` ends a sentence about the url. It has no piece of it, and so has the error: any could be of a
 * password, or be the place where somebody has put a secret.
 */
export function invalidUrl(why: string, what = "Setting url"): LoadError {
  return new LoadError(`${what} is not valid: ${why}`, {
    code: "config_invalid",
    blame: "config",
    issues: [{ path: "url", message: why }],
  });
}
