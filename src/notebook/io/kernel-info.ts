// What the kernel says about itself.

import {type Content, protocolVersion} from "../wire/message.ts";

/** The reply to `kernel_info_request`, for the package's `version`. */
export function kernelInfo(version: string): Content {
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "quiesce",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: "5.0.4",
      mimetype: "text/typescript",
      file_extension: ".ts",
      nbconvert_exporter: "script",
      pygments_lexer: "typescript",
      codemirror_mode: {name: "javascript", mode: "typescript", typescript: true},
    },
    banner: `Quiesce ${version}: cells are Quiesce or TypeScript; each sees the other's results.`,
    help_links: [],
    debugger: false,
    supported_features: [],
  };
}
