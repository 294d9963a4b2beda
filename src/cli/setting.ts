import type {Setting} from "../lang/plan-command.ts";

/** `--set path=value` as it was given. */
export function settingOf(text: string): Setting {
  const at = text.indexOf("=");
  return {path: text.slice(0, at).trim(), value: text.slice(at + 1).trim()};
}
