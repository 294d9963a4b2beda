/** Why the system refused a file operation, in words that complete "cannot read x: ...". */
export function fileReason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOTDIR":
      return "part of the path is not a folder";
    case "ENOSPC":
      return "the disk is full";
    case "EROFS":
      return "the file system is read-only";
    case "EMFILE":
      return "too many files are open";
    case "ELOOP":
      return "its symbolic links lead in a circle";
    default:
      return (error as Error).message;
  }
}
