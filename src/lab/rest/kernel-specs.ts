// `/api/kernelspecs`: the one kernel there is, and its logo.

import {kernelName, kernelSpec} from "../../notebook/install/kernel-spec.ts";
import {logo32, logo64, logoSvg} from "../../notebook/install/logo.ts";
import {type Answer, type Handler, HttpFault, json} from "../http/answer.ts";

const address = `/kernelspecs/${kernelName}`;

function specModel(): object {
  return {
    name: kernelName,
    spec: kernelSpec(),
    resources: {
      "logo-svg": `${address}/logo-svg.svg`,
      "logo-32x32": `${address}/logo-32x32.png`,
      "logo-64x64": `${address}/logo-64x64.png`,
    },
  };
}

export const kernelSpecs: Handler = ({path}) => {
  if (path === "") return json({default: kernelName, kernelspecs: {[kernelName]: specModel()}});
  requireKernelName(path);
  return json(specModel());
};

export const kernelLogos: Handler = ({path}) => {
  const picture = (type: string, body: string | Uint8Array): Answer => ({
    status: 200,
    headers: {"Content-Type": type, "Cache-Control": "max-age=3600"},
    body,
  });
  switch (path) {
    case `${kernelName}/logo-svg.svg`:
      return picture("image/svg+xml", logoSvg);
    case `${kernelName}/logo-32x32.png`:
      return picture("image/png", Buffer.from(logo32, "base64"));
    case `${kernelName}/logo-64x64.png`:
      return picture("image/png", Buffer.from(logo64, "base64"));
    default:
      throw new HttpFault(404, `there is no ${path}`);
  }
};

/**
 * Nobody means another kernel than the only one; a notebook of another language gets told.
 * @throws {HttpFault} 404
 */
export function requireKernelName(name: unknown): void {
  if (name === undefined || name === null || name === "" || name === kernelName) return;
  throw new HttpFault(
    404,
    `there is no kernel \`${name}\` here; \`quiesce lab\` runs notebooks of the kernel \`${kernelName}\` only`,
  );
}
