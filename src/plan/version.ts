/** The version of the package; part of every result, since the same plan and seed give the same bytes only under the same version. */
export const version = "0.1.0";
