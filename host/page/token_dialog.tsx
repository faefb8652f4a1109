/** Asks for the token. */
import { useEffect, useRef } from "preact/hooks";
import type { TokenQuestion } from "./operator.ts";

/** The dialog, while there is a question. */
export function TokenDialog({ question }: { readonly question: TokenQuestion | undefined }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!question) return dialog.current?.close();
    dialog.current?.showModal();
    if (input.current) input.current.value = "";
    input.current?.focus();
  }, [question]);
  const send = (event: Event) => {
    event.preventDefault();
    const given = input.current?.value.trim() ?? "";
    if (given !== "") question?.answer(given);
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="token-title"
      onCancel={() => question?.answer(undefined)}
    >
      <form method="dialog" onSubmit={send}>
        <h2 id="token-title">Token</h2>
        <p id="token-about">
          It is in the file that <code>--token-file</code>{" "}
          names, and is kept until this tab is closed.
        </p>
        {question?.wasWrong && (
          <p id="token-wrong" class="wrong" role="alert">
            That was not the token. Nothing was changed.
          </p>
        )}
        <label>
          Token
          <input
            ref={input}
            type="password"
            autocomplete="off"
            required
            aria-describedby={question?.wasWrong ? "token-wrong" : "token-about"}
            aria-invalid={question?.wasWrong ?? false}
          />
        </label>
        <div class="actions">
          <button type="submit" class="main">Continue</button>
          <button type="button" onClick={() => question?.answer(undefined)}>Cancel</button>
        </div>
      </form>
    </dialog>
  );
}
