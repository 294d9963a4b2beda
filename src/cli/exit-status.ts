/** What a command's exit status means: all went well, an expectation failed, the input is wrong, it was interrupted. */
export const exitStatus = {
  ok: 0,
  expectationFailed: 1,
  badInput: 2,
  /** A bug in Quiesce itself. */
  internal: 70,
  interrupted: 130,
} as const;

/** A fault of the command's input that is no diagnostic of a text: a missing file, a bad flag. Printed as one line, without a trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
