/** Why the log of a run, or a list of metrics, cannot be read. */
export class LogError extends Error {
  override readonly name = "LogError";
}
