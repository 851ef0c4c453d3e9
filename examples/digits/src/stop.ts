/** What ends a run before its time, as soon as the epoch that is at work is done. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let asked: NodeJS.Signals | undefined;

/** Listens from now on. */
export function listenForStop(): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      asked ??= signal;
    });
  }
  // `npm start` holds the other end of this channel: when it is killed, nobody waits any longer.
  process.on("disconnect", () => {
    asked ??= "SIGHUP";
  });
  process.channel?.unref();
}

/** The signal by which the run was asked to stop, if it was. */
export function stopSignal(): NodeJS.Signals | undefined {
  return asked;
}
