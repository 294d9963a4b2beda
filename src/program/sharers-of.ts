import type {System} from "../plan/system.ts";

/** Names of the mms that share tables with one, itself included. */
export function sharersOf({mms}: Pick<System, "mms">, name: string): Set<string> {
  const names = new Set<string>([name]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const other of mms) {
      const linked =
        other.shares.some((shared) => names.has(shared)) ||
        mms.some((mm) => names.has(mm.name) && mm.shares.includes(other.name));
      if (linked && !names.has(other.name)) {
        names.add(other.name);
        grown = true;
      }
    }
  }
  return names;
}
