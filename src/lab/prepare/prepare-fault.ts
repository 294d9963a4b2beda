/** The application could not be built. The message says why and what to do; nothing is left of the attempt. */
export class PrepareFault extends Error {
  override readonly name = "PrepareFault" as const;
}
