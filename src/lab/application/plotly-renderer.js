// Draws `application/vnd.plotly.v1+json` with the plotly.js that Quiesce has, which the server hands out beside the bundle and which is
// loaded when the first chart is drawn. The kernel also displays the library, for front ends that have none; here that display is empty: it
// would only be parsed, and in a notebook that is not trusted even be sanitised, 4.8 MB at a time.

import {PageConfig} from "@jupyterlab/coreutils";
import {Widget} from "@lumino/widgets";

const mimeType = "application/vnd.plotly.v1+json";
const libraryType = "application/vnd.quiesce.plotly-library+json";

let loading;

function plotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${PageConfig.getBaseUrl()}lab/plotly.min.js`;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = undefined;
      reject(new Error("plotly.js could not be loaded: is `quiesce lab` still running?"));
    };
    document.head.append(script);
  });
  return loading;
}

class RenderedPlotly extends Widget {
  constructor() {
    super();
    this.addClass("quiesce-plotly");
  }

  async renderModel(model) {
    const {data, layout, config, frames} = model.data[mimeType];
    const library = await plotly();
    await library.react(this.node, {data, layout, config, frames});
    this.drawn = library;
  }

  onResize() {
    // A figure with a width of its own keeps it.
    if (this.drawn && this.isVisible && !this.node.layout?.width)
      this.drawn.Plots.resize(this.node);
  }

  dispose() {
    if (this.isDisposed) return;
    this.drawn?.purge(this.node);
    super.dispose();
  }
}

export const plotlyRenderer = {
  id: "quiesce:plotly",
  description: "Draws Plotly figures.",
  rendererFactory: {
    safe: true,
    mimeTypes: [mimeType],
    createRenderer: () => new RenderedPlotly(),
  },
  // Before `text/html`, which carries the same figure for front ends that have no renderer.
  rank: 0,
  dataType: "json",
};

class Nothing extends Widget {
  renderModel() {
    return Promise.resolve();
  }
}

export const libraryRenderer = {
  id: "quiesce:plotly-library",
  description: "Shows nothing where a notebook brings Plotly along.",
  rendererFactory: {
    safe: true,
    mimeTypes: [libraryType],
    createRenderer: () => new Nothing(),
  },
  rank: 0,
  dataType: "json",
};
