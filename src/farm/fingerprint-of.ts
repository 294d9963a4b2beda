import {createHash} from "node:crypto";
import type {RunResult} from "./result.ts";

/**
 * The fingerprint of a whole result, 16 hexadecimal digits: the same wherever every replication has the fingerprint it has here, whatever
 * front end, executor or number of workers ran it.
 */
export function fingerprintOf({points}: RunResult): string {
  const hash = createHash("sha256");
  for (const {point, replications} of points) {
    for (const {replication, fingerprint} of replications) {
      hash.update(`${point} ${replication} ${fingerprint}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}
