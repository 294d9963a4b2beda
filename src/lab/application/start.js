// The browser side of `quiesce lab`: JupyterLab put together from its own packages, plus the two things that Quiesce adds. Bundled once by
// src/lab/prepare, which also writes `./extensions.js` from the list of packages.

import {JupyterLab} from "@jupyterlab/application";
import {PageConfig} from "@jupyterlab/coreutils";
import {IServiceManager} from "@jupyterlab/services";
import {PluginRegistry} from "@lumino/coreutils";
import {frontEnd, mimeRenderers, services} from "./extensions.js";
import {libraryRenderer, plotlyRenderer} from "./plotly-renderer.js";
import {quiesceCells} from "./quiesce-cells.js";

// What needs a server that is not there: news from the network, language servers (the kernel itself completes and explains).
const absent = /:announcements$|:language-server$/;

async function start() {
  const pluginRegistry = new PluginRegistry();
  pluginRegistry.registerPlugins(services);
  const serviceManager = await pluginRegistry.resolveRequiredService(IServiceManager);
  const plugins = [...frontEnd.filter((plugin) => !absent.test(plugin.id)), quiesceCells];
  const lab = new JupyterLab({
    pluginRegistry,
    serviceManager,
    mimeExtensions: [...mimeRenderers, plotlyRenderer, libraryRenderer],
    availablePlugins: [...services, ...plugins].map(({id, description, autoStart}) => ({
      id,
      description: description ?? "",
      requires: [],
      optional: [],
      provides: null,
      autoStart,
      enabled: true,
      extension: id.split(":")[0],
    })),
  });
  lab.registerPlugins(plugins);
  lab.start();
  // Tests and the curious reach the application by the name that JupyterLab itself uses.
  if (PageConfig.getOption("exposeAppInBrowser") === "true") window.jupyterapp = lab;
  await lab.restored;
}

window.addEventListener("load", () => void start());
