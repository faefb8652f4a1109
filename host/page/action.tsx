/** Buttons that change something. */
import { useRef } from "preact/hooks";
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
  const dialog = useRef<HTMLDialogElement>(null);
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
