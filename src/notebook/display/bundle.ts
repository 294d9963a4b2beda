// A display as Jupyter has it: one value in several MIME types, richest chosen by the front end, `text/plain` always there.

export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A bundle of plain text. */
export function textBundle(text: string): Bundle {
  return {data: {"text/plain": text}, metadata: {}};
}
