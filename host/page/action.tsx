/** Buttons that change something. */
import { useEffect, useRef } from "preact/hooks";
import { needsToken, type PageState } from "./page_state.ts";

/** What a button does. */
export interface ActionProps {
  readonly page: PageState;
  /** On the button, such as `Run`. */
  readonly label: string;
  /** What it is done to, such as `load people`: said by screen readers. */
  readonly object: string;
  /** What is asked before, where it cannot be undone. */
  readonly confirm?: string;
  /** What is said once it is done, in a sentence. */
  readonly done: string;
  readonly call: () => Promise<unknown>;
}

/** A button that changes something; of no use while nobody knows how things are. */
export function Action({ page, label, object, confirm, done, call }: ActionProps) {
  const button = useRef<HTMLButtonElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = button.current!;
    // Once it has done what it is there for, the keyboard goes on where it was.
    return () => {
      if (document.activeElement !== element) return;
      element.closest("section")?.querySelector<HTMLElement>("h2")?.focus();
    };
  }, []);
  const { operator, watcher, isOld } = page;
  const what = `${label} ${object}`;
  const isOff = isOld || operator.isBusy(what);
  const act = async () => {
    dialog.current?.close();
    if (isOff) return;
    await operator.change(what, { done, call, needsToken: needsToken(page) });
    watcher.now();
  };
  const ask = () => isOff || dialog.current?.showModal();
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-disabled={isOff}
        aria-label={what}
        onClick={confirm === undefined ? act : ask}
      >
        {label}
      </button>
      {confirm !== undefined && (
        <dialog ref={dialog} aria-label={what}>
          <p>{confirm}</p>
          <div class="actions">
            <button type="button" class="main" onClick={act}>{label}</button>
            <button type="button" onClick={() => dialog.current?.close()}>Cancel</button>
          </div>
        </dialog>
      )}
    </>
  );
}
