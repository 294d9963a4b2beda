/**
 * A signal that the first Ctrl-C aborts, so that what is finished gets printed; the second one ends the process as usual. `release` gives
 * Ctrl-C back.
 */
export function onInterrupt(): {readonly signal: AbortSignal; readonly release: () => void} {
  const abort = new AbortController();
  const interrupt = (): void => {
    process.removeListener("SIGINT", interrupt);
    process.stderr.write(
      "\ninterrupted: printing what is finished (Ctrl-C again to leave at once)\n",
    );
    abort.abort();
  };
  process.on("SIGINT", interrupt);
  return {signal: abort.signal, release: () => process.removeListener("SIGINT", interrupt)};
}
