import {existsSync} from "node:fs";
import {join} from "node:path";

/** The name itself if the folder has none such, otherwise with the mark and the first free number before its ending: `a-Copy1.ipynb`. */
export function freeName(folder: string, name: string, mark: string): string {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot <= 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
  if (mark !== "-Copy" && !existsSync(join(folder, name))) return name;
  for (let number = 1; ; number++) {
    const other = `${stem}${mark}${number}${ending}`;
    if (!existsSync(join(folder, other))) return other;
  }
}
