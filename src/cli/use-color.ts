/** Whether output is coloured: on a terminal, unless `--no-color` or NO_COLOR says otherwise (https://no-color.org). */
export function useColor(option: boolean | undefined): boolean {
  return option !== false && process.stdout.isTTY === true && (process.env.NO_COLOR ?? "") === "";
}
