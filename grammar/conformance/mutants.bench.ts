// Prints the figures of all single-token mutants of the valid programs: `npm run mutants`.
import {parse} from "../../src/lang/parse.ts";
import {measureMutants} from "./mutants.contract.ts";

const start = performance.now();
const figures = measureMutants(parse, 1);
console.log(JSON.stringify(figures, undefined, 2));
console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
