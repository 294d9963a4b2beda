// A SIGINT from outside — `kill -INT`, or a front end that does not ask — for a loop after an `await`: the main thread has left `vm`'s
// watch for it, and its own handler has to wait for the loop. This thread can take the signal, though `process.on` refuses to in a worker:
// the binding beneath it does not. It must not listen while `vm` does, which resets the process's handler when it has done
// (`typescript-cells.ts` sees to that).

interface SignalHandle {
  onsignal: () => void;
  start(signal: number): number;
  stop(): void;
  unref(): void;
}

const sigint = 2;

/** The function calls `interrupt` for each SIGINT while it is `on`. Where Node has no such binding nothing is called. */
export function createSignalListener(): (on: boolean, interrupt: () => void) => void {
  let handle: SignalHandle | undefined;
  return (on, interrupt) => {
    handle?.stop();
    if (!on) return;
    handle ??= create();
    if (handle === undefined) return;
    handle.onsignal = interrupt;
    handle.start(sigint);
  };
}

function create(): SignalHandle | undefined {
  const {noDeprecation} = process;
  process.noDeprecation = true;
  try {
    const {binding} = process as unknown as {
      binding(name: string): {readonly Signal: new () => SignalHandle};
    };
    const handle = new (binding("signal_wrap").Signal)();
    handle.unref();
    return handle;
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}
