// The codes of the checker: names (E2), types and units (E3), the domain (E4), experiments (E5).

import type {CatalogueEntry} from "./catalogue.ts";

export const checkCodes: readonly CatalogueEntry[] = [];
