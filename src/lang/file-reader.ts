// The only way for a text to reach a file. A reader confines paths to the folders named to it; the checker never touches the disk
// itself, so tests need none and a notebook may supply another.

/** Why a path was refused or could not be read, as text that completes "cannot read `x`: ...". */
export interface ReadFailure {
  readonly failure: string;
}

export interface ReadFile {
  /** Identity of the file, relative to the reader's root, with `/` between names: what results record. */
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

export interface FileReader {
  /** Reads `path` as written in a text that itself is `from` (a `ReadFile.path`; absent: at the root). Does not throw. */
  read(path: string, from?: string): ReadFile | ReadFailure;
}
