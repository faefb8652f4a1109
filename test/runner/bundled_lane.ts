/**
 * Has workers of loads start from the bundle, as the program's do: to find and compile their modules
 * again is a third of a small load's CPU. `test/run.ts` has the runtime read this before a test file.
 */
const ROOT = new URL("../../", import.meta.url);
const MODULES = new URL("host/lane/lane_worker.ts", ROOT).href;
const BUNDLE = new URL("host/dist/lane_worker.js", ROOT);

globalThis.Worker = class extends Worker {
  constructor(specifier: string | URL, options?: WorkerOptions) {
    super(String(specifier) === MODULES ? BUNDLE : specifier, options);
  }
};
