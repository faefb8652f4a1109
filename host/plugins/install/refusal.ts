/** Why a plugin is not installed, or not removed: one word for each reason, and a sentence with the way out. */
import { LoadError } from "../../../src/model/errors.ts";

/**
 * The reasons, which stand in `LoadError.reason` beside the code `install_refused`.
 *
 * - Of the source: `source_unreadable`, `source_changed`, `url_not_https`, `hash_missing`,
 *   `hash_malformed`, `hash_differs`, `fetch_failed`, `http_status`, `redirect_insecure`,
 *   `redirects_too_many`, `too_large`, `too_slow`, `truncated`, `not_wasm`, `name_unsafe`
 * - Of the plugin: `module_refused`, `imports_refused`, `abi_unknown`, `manifest_invalid`, `driver_unknown`,
 *   `words_refused`, `settings_clash`, `grant_unasked`, `grant_missing`, `plan_refused`, `signature_missing`,
 *   `signature_malformed`, `signature_untrusted`, `quarantined`
 * - Of the folder: `locked`, `type_taken`, `scheme_taken`, `file_taken`, `other_plugin`, `version_lower`,
 *   `version_reused`, `target_no_file`, `target_changed`, `target_missing`, `target_own`, `folder_unwritable`,
 *   `disk_full`, `write_failed`, `placed_differs`, `not_taken`
 * - `nobody_asked`: there is no terminal, and nothing says that it is meant; `declined`: the answer was no
 */
export type InstallRefusal =
  | "source_unreadable"
  | "source_changed"
  | "url_not_https"
  | "hash_missing"
  | "hash_malformed"
  | "hash_differs"
  | "fetch_failed"
  | "http_status"
  | "redirect_insecure"
  | "redirects_too_many"
  | "too_large"
  | "too_slow"
  | "truncated"
  | "not_wasm"
  | "name_unsafe"
  | "module_refused"
  | "imports_refused"
  | "abi_unknown"
  | "manifest_invalid"
  | "driver_unknown"
  | "words_refused"
  | "settings_clash"
  | "grant_unasked"
  | "grant_missing"
  | "plan_refused"
  | "signature_missing"
  | "signature_malformed"
  | "signature_untrusted"
  | "quarantined"
  | "locked"
  | "type_taken"
  | "scheme_taken"
  | "file_taken"
  | "other_plugin"
  | "version_lower"
  | "version_reused"
  | "target_no_file"
  | "target_changed"
  | "target_missing"
  | "target_own"
  | "folder_unwritable"
  | "disk_full"
  | "write_failed"
  | "placed_differs"
  | "not_taken"
  | "nobody_asked"
  | "declined";

/** What was to be done with a plugin. */
export type PluginDeed = "installed" | "removed";

/** The error of a reason; nothing has changed in the folder. */
export function installRefused(
  reason: InstallRefusal,
  why: string,
  { lines = [], cause, done = "installed" }: {
    readonly lines?: readonly string[];
    readonly cause?: unknown;
    readonly done?: PluginDeed;
  } = {},
): LoadError {
  return new LoadError(`Plugin is not ${done}: ${why}`, {
    code: "install_refused",
    blame: "config",
    reason,
    lines,
    cause,
  });
}
